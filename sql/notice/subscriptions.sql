-- grain      : one subscription in force
-- reads      : notice.subscription
-- replaces   : nothing
-- parameters : none
select subscription_no, audience, channel, address, secret, collection, territory
  from notice.subscription
 where ended_at is null
 order by subscription_no
