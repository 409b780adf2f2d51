-- Written by `make corpus`: levels that were right too seldom there, in all (cause '', by whether all rivals
-- of the cause were excluded) or for one cause. Each is lowered by one; see docs/accuracy.md.
CREATE TEMP TABLE calibrated(cause, level, evidence, hits, times);
INSERT INTO calibrated VALUES
  ('gc-pause', 'likely', '', 1, 2),
  ('gil-contention', 'likely', '', 0, 2),
  ('hot-python-loop', 'likely', '', 2, 3);
