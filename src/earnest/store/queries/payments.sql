-- payments.visible --
-- A deposit or withdrawal of this person. --
t.user_id = $1

-- payments.deposit_is_dealt_with --
-- Whether the gateway was asked: it said something, or it is known when it is asked again. --
SELECT status <> 'pending' OR wakes_at IS DISTINCT FROM created_at FROM deposits WHERE id = $1
