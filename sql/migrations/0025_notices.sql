-- What people are told: messages, who wants them, and each attempt to deliver them.

create schema notice;
comment on schema notice is 'Messages to correspondents, the national team and engineers: what was posted, to whom, and what became of it.';

create table notice.subscription (
    subscription_no bigint generated always as identity primary key,
    audience        text not null check (audience in ('territory', 'national', 'engineers')),
    channel         text not null check (channel in ('mail', 'webhook')),
    address         text not null check (address <> ''),
    secret          text,
    collection      text,
    territory       text,
    author          text not null check (author <> ''),
    made_at         timestamptz not null default clock_timestamp(),
    ended_at        timestamptz,
    ended_by        text check (ended_by <> ''),
    check ((ended_at is null) = (ended_by is null))
);
create unique index subscription_in_force on notice.subscription (audience, channel, address, collection, territory)
    nulls not distinct where ended_at is null;
comment on table notice.subscription is 'Who is told what. Grain: one address for one audience, of one territory and collection or of all.';
comment on column notice.subscription.subscription_no is 'Number of the subscription.';
comment on column notice.subscription.audience is 'territory: the correspondents of a territory; national: the national team; engineers: who runs the installation. notices/kinds.yml says which of them is told what.';
comment on column notice.subscription.channel is 'mail; webhook: a request to an address of another system.';
comment on column notice.subscription.address is 'Address of mail, or URL.';
comment on column notice.subscription.secret is 'Of a webhook: name of the secret that signs its requests (SENACS_SECRET_<NAME>).';
comment on column notice.subscription.collection is 'Collection; null for all.';
comment on column notice.subscription.territory is 'Collection territory; null for all.';
comment on column notice.subscription.author is 'Who subscribed it.';
comment on column notice.subscription.made_at is 'Since when.';
comment on column notice.subscription.ended_at is 'When it ended; null: in force.';
comment on column notice.subscription.ended_by is 'Who ended it.';

create table notice.message (
    message_no bigint generated always as identity primary key,
    kind       text not null check (kind <> ''),
    collection text,
    data_year  smallint,
    territory  text,
    key        text not null,
    subject    text not null check (subject <> ''),
    body       text not null,
    next_step  text not null check (next_step <> ''),
    posted_at  timestamptz not null default clock_timestamp(),
    unique nulls not distinct (kind, collection, data_year, territory, key)
);
comment on table notice.message is 'What is told, posted in the transaction that records its cause. Grain: one cause: the same kind, collection, data year, territory and key is one message, whoever posts it again.';
comment on column notice.message.message_no is 'Order of posting.';
comment on column notice.message.kind is 'Kind, declared in notices/kinds.yml.';
comment on column notice.message.collection is 'Collection; null: the installation as a whole.';
comment on column notice.message.data_year is 'Year of the activity described; null: no year in particular.';
comment on column notice.message.territory is 'Collection territory; null: none in particular.';
comment on column notice.message.key is 'What tells one cause of this kind from the next.';
comment on column notice.message.subject is 'One French line.';
comment on column notice.message.body is 'French text: counts and names of territories, nothing about a structure or a person.';
comment on column notice.message.next_step is 'What to do now, in French.';
comment on column notice.message.posted_at is 'When it was posted.';

create table notice.delivery (
    message_no      bigint not null references notice.message,
    subscription_no bigint not null references notice.subscription,
    state           text not null default 'waiting' check (state in ('waiting', 'delivered', 'given up')),
    due_at          timestamptz,
    primary key (message_no, subscription_no)
);
create index delivery_waiting on notice.delivery (message_no) where state = 'waiting';
comment on table notice.delivery is 'Who is to get which message, settled when it is posted. Grain: one message for one subscription.';
comment on column notice.delivery.message_no is 'Message.';
comment on column notice.delivery.subscription_no is 'Subscription.';
comment on column notice.delivery.state is 'waiting; delivered; given up: refused for good, or tried as often as is tried.';
comment on column notice.delivery.due_at is 'When it is to be tried again; null: at once.';

create table notice.attempt (
    attempt_no      bigint generated always as identity primary key,
    message_no      bigint not null,
    subscription_no bigint not null,
    at              timestamptz not null,
    outcome         text check (outcome in ('delivered', 'failed', 'refused')),
    reason          text not null default '',
    foreign key (message_no, subscription_no) references notice.delivery
);
create index attempt_of_delivery on notice.attempt (message_no, subscription_no);
comment on table notice.attempt is 'Attempts to deliver, noted before they are made. Grain: one attempt.';
comment on column notice.attempt.attempt_no is 'Order.';
comment on column notice.attempt.message_no is 'Message.';
comment on column notice.attempt.subscription_no is 'Subscription.';
comment on column notice.attempt.at is 'When.';
comment on column notice.attempt.outcome is 'delivered; failed: may do later; refused: never will. Null: the process died during it, nobody knows.';
comment on column notice.attempt.reason is 'What the other side said.';

-- Addresses are people's: only the flows read them, and the owner.
alter table notice.subscription enable row level security;
alter table notice.message enable row level security;
alter table notice.delivery enable row level security;
alter table notice.attempt enable row level security;
grant usage on schema notice to senacs_etl;
grant select, insert, update on notice.subscription, notice.message, notice.delivery, notice.attempt to senacs_etl;
call access.keep_out_of_statistics();
