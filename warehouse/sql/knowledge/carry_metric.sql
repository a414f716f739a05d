-- What analytics computes, as it registered itself.
FROM metric;
