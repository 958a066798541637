"""The logins of the PostgreSQL in the cluster have the rights they need, and no other."""

import pytest

from live.system import System
from ops.cluster import RELEASE

RIGHTS = """
select rolname, rolsuper or rolbypassrls, rolcreaterole,
       pg_has_role(rolname, 'todo_app', 'member'),
       has_table_privilege(rolname, 'public.task', 'select'),
       has_table_privilege(rolname, 'auth.session', 'select')
from pg_roles where rolcanlogin and rolname <> 'postgres' order by rolname
"""


@pytest.mark.requirement("005/FR-060")
def test_three_logins_have_least_rights(system: System) -> None:
    where = (f"{RELEASE}-postgres-0", "--container=postgres", "--")
    psql = ("psql", "--host=/tmp", "--username=postgres", "--dbname=todo", "--csv", "--tuples-only")
    said = system.cluster.kubectl("exec", *where, *psql, f"--command={RIGHTS}")

    assert said.split() == [
        "todo_auth,f,f,f,f,t",
        "todo_owner,f,t,t,t,f",
        "todo_service,f,f,t,t,f",
    ]
