import WorkerDomain

/// SQLite's plan of a statement as lines that a person reads: each step below the one that it is a part of.
enum QueryPlan {
    /// The rows of `EXPLAIN QUERY PLAN` (https://sqlite.org/eqp.html): id, parent, unused, detail.
    static func lines(of rows: SQLRows) -> SQLRows {
        guard rows.columns.count >= 4 else { return rows }
        var depths: [Int64: Int] = [:]
        let lines = rows.rows.map { row -> [SQLValue] in
            guard case .integer(let id) = row[0], case .integer(let parent) = row[1], case .text(let detail) = row[3]
            else { return [row[3]] }
            let depth = (depths[parent] ?? -1) + 1
            depths[id] = depth
            return [.text(String(repeating: "  ", count: min(depth, 20)) + detail)]
        }
        return SQLRows(columns: ["plan"], rows: lines, hasMore: rows.hasMore, duration: rows.duration)
    }
}
