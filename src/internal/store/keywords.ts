/**
 * How a statement of SQL begins: databases skip comments, spaces and semicolons before it, and so what is asked of a text must.
 */

/** A statement from its first word on. Comments are within each other where a dialect has that. */
export const statementOf = (sql: string, comments: "nested" | "flat"): string => {
  let at = 0
  while (at < sql.length) {
    const before = at
    at += spaces(sql, at)
    if (sql.startsWith("--", at)) at = endOf(sql, "\n", at)
    else if (sql.startsWith("/*", at)) at = comments === "flat" ? endOf(sql, "*/", at + 2) : afterNested(sql, at)
    if (at === before) break
  }
  return sql.slice(at)
}

/** Whether there is nothing but comments, spaces and semicolons in a text. */
export const isEmpty = (sql: string, comments: "nested" | "flat"): boolean => statementOf(sql, comments) === ""

// internal

const spaces = (sql: string, from: number): number => {
  // A byte order mark too.
  const blank = /[\s;\u{FEFF}]*/uy
  blank.lastIndex = from
  return blank.exec(sql)![0].length
}

const endOf = (sql: string, end: string, from: number): number => {
  const found = sql.indexOf(end, from)
  return found < 0 ? sql.length : found + end.length
}

const afterNested = (sql: string, from: number): number => {
  const marks = /\/\*|\*\//g
  marks.lastIndex = from
  let depth = 0
  for (let mark = marks.exec(sql); mark !== null; mark = marks.exec(sql)) {
    depth += mark[0] === "/*" ? 1 : -1
    if (depth === 0) return marks.lastIndex
  }
  return sql.length
}
