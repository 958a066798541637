"""Tasks, conversations, and the two records that make each tool call take effect once."""

from alembic import op

revision = "0001"
down_revision = None

TABLES = ("numbering", "task", "receipt", "conversation", "message", "turn", "tool_call")

ROLE = """
do $$ begin
  -- Roles belong to the whole server: another database of it may have made this one.
  create role todo_app nologin nobypassrls;
exception when duplicate_object or unique_violation then null;
end $$;
grant todo_app to current_user;
grant usage on schema public to todo_app;
"""

NUMBERS = """
create table numbering (
  user_id text not null,
  kind text not null,
  last bigint not null,
  primary key (user_id, kind)
);

create function next_number(of_kind text) returns bigint language sql as $$
  insert into numbering (user_id, kind, last)
  values (current_setting('app.user_id'), of_kind, 1)
  on conflict (user_id, kind) do update set last = numbering.last + 1
  returning last
$$;
"""

TASKS = """
create table task (
  user_id text not null,
  id bigint not null,
  title text not null constraint title_length check (char_length(title) between 1 and 200),
  description text constraint description_length check (char_length(description) <= 1000),
  completed boolean not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (user_id, id)
);

create table receipt (
  user_id text not null,
  call_id text not null,
  task_id bigint not null,
  status text not null,
  title text not null,
  created_at timestamptz not null,
  primary key (user_id, call_id)
);
"""

CONVERSATIONS = """
create table conversation (
  user_id text not null,
  id bigint not null,
  title text,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (user_id, id)
);
create index conversation_newest on conversation (user_id, updated_at desc, id desc);

create table message (
  user_id text not null,
  id bigint not null,
  conversation_id bigint not null,
  role text not null constraint role_known check (role in ('user', 'assistant', 'note')),
  content text not null,
  created_at timestamptz not null,
  primary key (user_id, id),
  foreign key (user_id, conversation_id) references conversation on delete cascade
);
create index message_of_conversation on message (user_id, conversation_id, id);

create table turn (
  user_id text not null,
  id bigint not null,
  conversation_id bigint not null,
  idempotency_key text,
  state text not null constraint state_known check (state in ('running', 'answered', 'failed')),
  holder text not null,
  held_until timestamptz not null,
  answer_id bigint,
  primary key (user_id, id),
  foreign key (user_id, id) references message on delete cascade
);
create unique index turn_one_running on turn (user_id, conversation_id) where state = 'running';
create unique index turn_key on turn (user_id, idempotency_key);

create table tool_call (
  user_id text not null,
  turn_id bigint not null,
  position integer not null,
  call_id text not null,
  name text not null,
  arguments text not null,
  output text,
  failed boolean,
  primary key (user_id, turn_id, position),
  foreign key (user_id, turn_id) references turn on delete cascade
);
create unique index tool_call_id on tool_call (user_id, call_id);
"""


def upgrade() -> None:
    """Create every table with row-level security, and the role that it binds."""
    for script in (ROLE, NUMBERS, TASKS, CONVERSATIONS):
        op.execute(script)
    for table in TABLES:
        op.execute(f"grant select, insert, update, delete on {table} to todo_app")
        op.execute(f"alter table {table} enable row level security")
        op.execute(f"alter table {table} force row level security")
        # nullif: after its first use on a pooled connection the setting reads '' instead of NULL.
        mine = "user_id = nullif(current_setting('app.user_id', true), '')"
        op.execute(f"create policy own_rows on {table} using ({mine}) with check ({mine})")


def downgrade() -> None:
    """Drop every table; the role stays, because another database may use it."""
    for table in reversed(TABLES):
        op.execute(f"drop table {table}")
    op.execute("drop function next_number(text)")
