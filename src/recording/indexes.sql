-- Indexes of a closed recording. None exists while it is written: two of them would triple the cost
-- of a row (0.67 to 2.3 µs). No reader may depend on them, as a recording whose writer was killed
-- has none.

CREATE INDEX IF NOT EXISTS event_by_unit ON event (unit_id);
CREATE INDEX IF NOT EXISTS statement_by_unit ON statement (unit_id);
CREATE INDEX IF NOT EXISTS unit_sample_by_unit ON unit_sample (unit_id);
CREATE INDEX IF NOT EXISTS handle_by_open_unit ON handle (open_unit_id);
CREATE INDEX IF NOT EXISTS unit_by_trace ON unit (trace) WHERE trace IS NOT NULL;
