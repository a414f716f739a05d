-- Ties are no longer between members only, nor figures about four kinds of subject.
COMMENT ON TABLE tie IS 'Ties between members, places or skills, over the window that ends with the week.';
COMMENT ON COLUMN tie.layer IS 'Between members: copresence (once, source < target), teaching (learner to instructor), help (requester to helper). Between places: shared_people, place_help (asker''s to helper''s). Between skills: held_together, asked_together.';
COMMENT ON COLUMN tie.source IS 'Pseudonym of a member, id of a place or code of a skill.';
COMMENT ON COLUMN tie.target IS 'Pseudonym of a member, id of a place or code of a skill.';
COMMENT ON COLUMN tie.strength IS 'Sum over shared events of 1/(participants - 1); in the layers of members and in place_help halved every half-life.';
COMMENT ON COLUMN tie.count IS 'Shared events in the window; people in shared_people, held_together and asked_together.';
COMMENT ON COLUMN metric_value.subject_kind IS 'member, place, skill, country or network.';
