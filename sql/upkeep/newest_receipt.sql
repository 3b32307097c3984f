-- grain      : one row, the warehouse
-- reads      : intake.receipt
-- replaces   : nothing
-- parameters : none
select max(received_at) > now() as to_come, max(received_at) as newest
  from intake.receipt
