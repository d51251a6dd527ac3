//! Statements that are compiled once on each connection.

use diesel::backend::Backend;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, IntoUpdateTarget, QueryFragment, QueryId};
use diesel::query_source::QuerySource;

/// An `UPDATE` that each connection compiles once and keeps by its text. The library's own is compiled anew each time,
/// because it cannot know which columns one sets; this is for those that always set the same, and compare to no list.
pub fn prepared_update<T, S>(rows: T, set: S) -> PreparedUpdate<<T::Table as QuerySource>::FromClause, T::WhereClause, S::Changeset>
where
    T: IntoUpdateTarget,
    S: AsChangeset<Target = T::Table>,
{
    let target = rows.into_update_target();
    PreparedUpdate { table: target.table.from_clause(), rows: target.where_clause, set: set.as_changeset() }
}

/// Made by [`prepared_update`].
pub struct PreparedUpdate<T, W, S> {
    table: T,
    rows: W,
    set: S,
}

impl<T, W, S> QueryId for PreparedUpdate<T, W, S> {
    type QueryId = ();

    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<T, W, S, DB> QueryFragment<DB> for PreparedUpdate<T, W, S>
where
    DB: Backend,
    T: QueryFragment<DB>,
    W: QueryFragment<DB>,
    S: QueryFragment<DB>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        out.push_sql("UPDATE ");
        self.table.walk_ast(out.reborrow())?;
        out.push_sql(" SET ");
        self.set.walk_ast(out.reborrow())?;
        self.rows.walk_ast(out)
    }
}

impl<T, W, S, C> RunQueryDsl<C> for PreparedUpdate<T, W, S> {}
