-- Disputes that wait for a ruling: somebody has to be named also in the place of an arbiter who may
-- not rule any more.
-- Locks: disputes while the index is made, for well under a second.

CREATE INDEX disputes_in_arbitration ON disputes (id) WHERE status = 'arbitration';
DROP INDEX disputes_without_an_arbiter;
