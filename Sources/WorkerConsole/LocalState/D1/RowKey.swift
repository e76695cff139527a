import SQLite
import WorkerDomain

/// What the rows of a table are sorted by, so that every row has one place.
struct RowKey: Sendable {
    /// One term of ORDER BY.
    struct Term: Sendable {
        /// As SQL: a quoted column, or `rowid`.
        let name: String
        /// ` COLLATE …` where the key compares in another way than its column.
        let collation: String
        let isDescending: Bool
        let mayBeNull: Bool

        var expression: String { self.name + self.collation }
    }

    let terms: [Term]

    /// Finds the key of a table; a column of `order` comes before it. `nil` for a view, a virtual table, and a table that
    /// hides its rowid behind columns.
    init?(
        of table: String, columns: [SQLColumn], order: SQLOrder?, _ connection: borrowing SQLiteConnection
    ) throws(SQLiteError) {
        let list = try connection.prepare("SELECT type, wr FROM pragma_table_list(?1) WHERE schema = 'main'")
        try list.bind(1, table)
        guard try list.step(), ["table", "shadow"].contains(list.text(0)) else { return nil }
        let isDescending = order?.isDescending ?? false
        var terms: [Term] = []
        if let order {
            terms.append(
                Term(
                    name: Catalog.quoted(order.column), collation: "", isDescending: isDescending, mayBeNull: true))
        }
        if list.integer(1) != 0 {
            let key = try Self.primaryKey(of: table, isReversed: isDescending, connection)
            guard !key.isEmpty else { return nil }
            terms += key
        } else {
            // A column of this name hides the rowid.
            let names = Set(columns.map { $0.name.lowercased() })
            guard let name = ["rowid", "_rowid_", "oid"].first(where: { !names.contains($0) }) else { return nil }
            terms.append(Term(name: name, collation: "", isDescending: isDescending, mayBeNull: false))
        }
        self.terms = terms
    }

    /// The columns of a WITHOUT ROWID table's key as the table is stored: with their directions and collations.
    private static func primaryKey(
        of table: String, isReversed: Bool, _ connection: borrowing SQLiteConnection
    ) throws(SQLiteError) -> [Term] {
        let statement = try connection.prepare(
            """
            SELECT x.name, x."desc", x.coll FROM pragma_index_list(?1) AS l, pragma_index_xinfo(l.name) AS x
            WHERE l.origin = 'pk' AND x.key = 1 ORDER BY x.seqno
            """)
        try statement.bind(1, table)
        var terms: [Term] = []
        while try statement.step() {
            terms.append(
                Term(
                    name: Catalog.quoted(statement.text(0)), collation: " COLLATE \(Catalog.quoted(statement.text(2)))",
                    isDescending: (statement.integer(1) != 0) != isReversed, mayBeNull: false))
        }
        return terms
    }

    func orderBy(isReversed: Bool) -> String {
        self.terms.map { "\($0.expression) \($0.isDescending != isReversed ? "DESC" : "ASC")" }.joined(separator: ", ")
    }

    var names: [String] { self.terms.map(\.name) }

    // MARK: Steps

    /// A range of rows, as a condition with values.
    struct Step: Sendable {
        var conditions: [String]
        var values: [SQLPlace.Value]
    }

    /// The ranges that follow a place, in their order: rows that are the same in all terms but the last come first.
    ///
    /// Each of them is one range of the table or of an index, so that SQLite goes to it without reading what is before;
    /// one condition with OR, or a comparison of rows with mixed directions, would not be.
    func steps(from place: SQLPlace, isReversed: Bool, isInclusive: Bool) -> [Step] {
        guard place.values.count == self.terms.count else { return [] }
        var steps: [Step] = []
        if isInclusive {
            let all = self.terms.indices.map { "\(self.terms[$0].expression) IS ?" }
            steps.append(Step(conditions: all, values: place.values))
        }
        for index in self.terms.indices.reversed() {
            let term = self.terms[index]
            let value = place.values[index]
            let same = (0..<index).map { "\(self.terms[$0].expression) IS ?" }
            let before = Array(place.values[..<index])
            let isFalling = term.isDescending != isReversed
            // NULL is smaller than every value, and no comparison finds it.
            switch (isFalling, value) {
            case (false, .null):
                steps.append(Step(conditions: same + ["\(term.expression) IS NOT NULL"], values: before))
            case (false, _):
                steps.append(Step(conditions: same + ["\(term.expression) > ?"], values: before + [value]))
            case (true, .null): break
            case (true, _):
                steps.append(Step(conditions: same + ["\(term.expression) < ?"], values: before + [value]))
                if term.mayBeNull {
                    steps.append(Step(conditions: same + ["\(term.expression) IS NULL"], values: before))
                }
            }
        }
        return steps
    }
}
