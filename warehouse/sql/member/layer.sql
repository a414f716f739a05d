-- Every tie of $layer in $week, in order.
SELECT source, target, strength FROM tie WHERE week = $week AND layer = $layer ORDER BY source, target;
