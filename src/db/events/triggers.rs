//! The triggers that write events, made from [`FACTS`] for either database.
//!
//! Invariant: after [`super::super::migrate::run`] they are exactly those of this program, and the latest event of each row says
//! what the row says. Migrations run without them: tables may be made anew, and what a migration changed is told afterwards,
//! as is what was there before there were events.

use std::collections::BTreeMap;

use chrono::NaiveDateTime;
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::Text;

use super::facts::{FACTS, Fact, Source, Told};
use super::order;
use crate::db::connection::AnyConnection;
use crate::db::dump::{Catalogue, Kind, Table};
use crate::db::error::DbResult;

/// All their names begin so, and those of their functions.
const PREFIX: &str = "wangjia_event_";

/// Set within a transaction of PostgreSQL that has told something already.
const OPEN: &str = "wangjia.events_open";

#[derive(QueryableByName)]
struct Named {
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Text)]
    body: String,
}

/// Takes the triggers away; [`install`] puts them back.
pub fn remove(conn: &mut AnyConnection) -> DbResult<()> {
    for name in installed(conn)?.into_keys() {
        match conn {
            AnyConnection::Sqlite(c) => c.batch_execute(&format!("DROP TRIGGER {name}"))?,
            // Its triggers go with it.
            AnyConnection::Pg(c) => c.batch_execute(&format!("DROP FUNCTION {name}() CASCADE"))?,
        }
    }
    Ok(())
}

/// Puts the triggers up where they are not, and tells what changed while there were none.
pub fn install(conn: &mut AnyConnection, now: NaiveDateTime) -> DbResult<()> {
    let tables = Catalogue::read(conn)?;
    let sqlite = matches!(conn, AnyConnection::Sqlite(_));
    let mut wanted = BTreeMap::new();
    for fact in FACTS {
        let table = tables.table(fact.table)?;
        wanted.extend(if sqlite { sqlite_triggers(fact, table) } else { postgres_functions(fact, table) });
    }
    if !sqlite {
        wanted.insert(order::NUMBER.to_owned(), order::postgres_number());
        wanted
            .insert(format!("{PREFIX}close"), format!("\nBEGIN\n PERFORM {}();\n RETURN NULL;\nEND\n", order::NUMBER));
    }
    if installed(conn)? == wanted {
        return Ok(());
    }
    remove(conn)?;
    match conn {
        AnyConnection::Sqlite(c) => {
            for sql in wanted.values() {
                c.batch_execute(sql)?;
            }
        }
        AnyConnection::Pg(c) => {
            for (name, body) in &wanted {
                let returns = if name == order::NUMBER { "void" } else { "trigger" };
                c.batch_execute(&format!(
                    "CREATE FUNCTION {name}() RETURNS {returns} LANGUAGE plpgsql AS $wangjia${body}$wangjia$"
                ))?;
            }
            for fact in FACTS {
                c.batch_execute(&format!(
                    "CREATE TRIGGER {PREFIX}{0} AFTER INSERT OR UPDATE OR DELETE ON \"{0}\" FOR EACH ROW EXECUTE FUNCTION \
                     {PREFIX}{0}()",
                    fact.table
                ))?;
            }
            // Once a transaction, when it commits.
            c.batch_execute(&format!(
                "CREATE CONSTRAINT TRIGGER {PREFIX}close AFTER INSERT ON events DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN \
                 (NEW.\"position\" IS NULL AND current_setting('{OPEN}', true) IS DISTINCT FROM '1') EXECUTE FUNCTION \
                 {PREFIX}close()"
            ))?;
        }
    }
    // Numbered here once, not at the commit for each row.
    let open = |value: &str| format!("SELECT set_config('{OPEN}', '{value}', true)");
    if !sqlite {
        conn.batch_execute(&open("1"))?;
    }
    for fact in FACTS {
        let table = tables.table(fact.table)?;
        for sql in catch_up(fact, table, sqlite) {
            conn.batch_execute(&sql)?;
        }
    }
    order::number_now(conn, now)?;
    if !sqlite {
        conn.batch_execute(&open(""))?;
    }
    Ok(())
}

/// The triggers (SQLite) or their functions (PostgreSQL) that are there, with their text.
fn installed(conn: &mut AnyConnection) -> DbResult<BTreeMap<String, String>> {
    let rows: Vec<Named> = match conn {
        AnyConnection::Sqlite(c) => diesel::sql_query(format!(
            "SELECT name, sql AS body FROM sqlite_master WHERE type = 'trigger' AND substr(name, 1, {}) = '{PREFIX}'",
            PREFIX.len()
        ))
        .load(c)?,
        AnyConnection::Pg(c) => diesel::sql_query(format!(
            "SELECT proname::text AS name, prosrc::text AS body FROM pg_proc WHERE pronamespace = \
             to_regnamespace(current_schema()::text) AND starts_with(proname::text, '{PREFIX}')"
        ))
        .load(c)?,
    };
    Ok(rows.into_iter().map(|row| (row.name, row.body)).collect())
}

/// The row as JSON: the same text on both databases.
fn json(fact: &Fact, table: &Table, row: &str, sqlite: bool) -> String {
    let kind = |told: &Told| table.columns.iter().find(|column| column.name == told.column()).map(|column| column.kind);
    let values = fact.tells.iter().map(|told| {
        let column = format!("{row}.\"{}\"", told.column());
        let value = match (told, sqlite, kind(told)) {
            (Told::Present(..), true, _) => format!("json(CASE WHEN {column} IS NULL THEN 'false' ELSE 'true' END)"),
            (Told::Present(..), false, _) => format!("({column} IS NOT NULL)::text"),
            (_, true, Some(Kind::Bool)) => {
                format!("json(CASE {column} WHEN 1 THEN 'true' WHEN 0 THEN 'false' ELSE 'null' END)")
            }
            (_, true, _) => column,
            (_, false, Some(Kind::Integer | Kind::Bool)) => format!("coalesce({column}::text, 'null')"),
            (_, false, Some(Kind::Date)) => {
                format!("coalesce('\"' || to_char({column}, 'YYYY-MM-DD') || '\"', 'null')")
            }
            (_, false, _) => format!("coalesce(to_json({column})::text, 'null')"),
        };
        (told.name(), value)
    });
    if sqlite {
        let pairs: Vec<String> = values.map(|(name, value)| format!("'{name}', {value}")).collect();
        format!("json_object({})", pairs.join(", "))
    } else {
        let pairs: Vec<String> = values.map(|(name, value)| format!("'\"{name}\":', {value}")).collect();
        format!("concat('{{', {}, '}}')", pairs.join(", ',', "))
    }
}

fn source(source: Source, row: &str) -> String {
    match source {
        Source::Nothing => "NULL".to_owned(),
        Source::Column(column) => format!("{row}.\"{column}\""),
        Source::Through { by, table, column } => {
            format!("(SELECT x.\"{column}\" FROM \"{table}\" x WHERE x.id = {row}.\"{by}\")")
        }
    }
}

/// Household, resident and area of a row.
fn places(fact: &Fact, row: &str) -> String {
    [fact.household, fact.resident, fact.area].map(|about| source(about, row)).join(", ")
}

const COLUMNS: &str = "kind, operation, row_id, household_id, resident_id, area_id, data";

fn insert(fact: &Fact, operation: &str, row: &str, data: &str) -> String {
    format!(
        "INSERT INTO events ({COLUMNS}) VALUES ('{}', '{operation}', {row}.id, {}, {data})",
        fact.kind.code(),
        places(fact, row)
    )
}

/// As [`insert`] for a row that lies elsewhere now: those who follow where it was are told, too.
fn insert_where_it_was(fact: &Fact, column: &str, data: &str) -> String {
    let at = |about: Source| source(about, "NEW");
    format!(
        "INSERT INTO events ({COLUMNS}) VALUES ('{}', 'changed', NEW.id, {}, {}, OLD.\"{column}\", {data})",
        fact.kind.code(),
        at(fact.household),
        at(fact.resident)
    )
}

/// Whether an update changes what is told.
fn differs(fact: &Fact, sqlite: bool) -> String {
    let word = if sqlite { "IS NOT" } else { "IS DISTINCT FROM" };
    let one = |told: &Told| {
        let column = told.column();
        match told {
            Told::Value(_) => format!("OLD.\"{column}\" {word} NEW.\"{column}\""),
            Told::Present(..) => format!("(OLD.\"{column}\" IS NULL) <> (NEW.\"{column}\" IS NULL)"),
        }
    };
    fact.tells.iter().map(one).collect::<Vec<_>>().join(" OR ")
}

/// The column by which a row may come to lie elsewhere.
fn moves_by(fact: &Fact) -> Option<&'static str> {
    match fact.area {
        Source::Column(column) if column != "id" => Some(column),
        _ => None,
    }
}

fn sqlite_triggers(fact: &Fact, table: &Table) -> Vec<(String, String)> {
    let data = json(fact, table, "NEW", true);
    let name = |what: &str| format!("{PREFIX}{}_{what}", fact.table);
    let trigger = |what: &str, when: &str, then: String| {
        let name = name(what);
        let sql = format!("CREATE TRIGGER {name} AFTER {when} BEGIN {then}; END");
        (name, sql)
    };
    let on = format!("ON \"{}\"", fact.table);
    let mut all = vec![
        trigger("created", &format!("INSERT {on}"), insert(fact, "created", "NEW", &data)),
        trigger("changed", &format!("UPDATE {on} WHEN {}", differs(fact, true)), insert(fact, "changed", "NEW", &data)),
        trigger("removed", &format!("DELETE {on}"), insert(fact, "removed", "OLD", "NULL")),
    ];
    if let Some(column) = moves_by(fact) {
        all.push(trigger(
            "moved",
            &format!("UPDATE {on} WHEN OLD.\"{column}\" <> NEW.\"{column}\""),
            insert_where_it_was(fact, column, &data),
        ));
    }
    all
}

fn postgres_functions(fact: &Fact, table: &Table) -> Vec<(String, String)> {
    let data = json(fact, table, "NEW", false);
    let moved = moves_by(fact).map_or_else(String::new, |column| {
        format!(
            "\n  IF OLD.\"{column}\" <> NEW.\"{column}\" THEN {}; END IF;",
            insert_where_it_was(fact, column, &data)
        )
    });
    let body = format!(
        "\nBEGIN\n IF TG_OP = 'INSERT' THEN\n  {created};\n ELSIF TG_OP = 'DELETE' THEN\n  {removed};\n ELSE\n  \
         IF NOT ({differs}) THEN RETURN NULL; END IF;\n  {changed};{moved}\n END IF;\n \
         IF current_setting('{OPEN}', true) IS DISTINCT FROM '1' THEN PERFORM set_config('{OPEN}', '1', true); END IF;\n \
         RETURN NULL;\nEND\n",
        created = insert(fact, "created", "NEW", &data),
        removed = insert(fact, "removed", "OLD", "NULL"),
        differs = differs(fact, false),
        changed = insert(fact, "changed", "NEW", &data),
    );
    vec![(format!("{PREFIX}{}", fact.table), body)]
}

/// Statements that tell of rows whose latest event says something else, or that have none, and of events whose row is gone. What
/// is erased stays untold.
fn catch_up(fact: &Fact, table: &Table, sqlite: bool) -> [String; 2] {
    let (name, kind) = (fact.table, fact.kind.code());
    let data = json(fact, table, "t", sqlite);
    let latest = format!(
        "(SELECT e.row_id, e.data, e.household_id, e.resident_id, e.area_id FROM events e JOIN (SELECT max(id) AS id FROM events \
         WHERE kind = '{kind}' GROUP BY row_id) m ON m.id = e.id WHERE e.operation <> 'removed')"
    );
    let changed = format!(
        "INSERT INTO events ({COLUMNS}) SELECT '{kind}', CASE WHEN l.row_id IS NULL THEN 'created' ELSE 'changed' END, t.id, {}, \
         {data} FROM \"{name}\" t LEFT JOIN {latest} l ON l.row_id = t.id WHERE l.row_id IS NULL OR l.data <> {data} ORDER BY t.id",
        places(fact, "t")
    );
    let removed = format!(
        "INSERT INTO events ({COLUMNS}) SELECT '{kind}', 'removed', l.row_id, l.household_id, l.resident_id, l.area_id, NULL FROM \
         {latest} l WHERE NOT EXISTS (SELECT 1 FROM \"{name}\" t WHERE t.id = l.row_id) ORDER BY l.row_id"
    );
    [changed, removed]
}
