/// Columns of a table that refer to a row of another one.
package struct SQLForeignKey: Sendable, Equatable {
    package let columns: [String]
    package let table: String
    /// As many as ``columns``: the referenced ones, those of the primary key where none are named.
    package let referenced: [String]

    package init(columns: [String], table: String, referenced: [String]) {
        self.columns = columns
        self.table = table
        self.referenced = referenced
    }
}

/// An index of a table, automatic ones included.
package struct SQLIndex: Sendable, Equatable {
    package let name: String
    /// `nil` stands for an expression.
    package let columns: [String?]
    package let isUnique: Bool
    package let isPartial: Bool

    package init(name: String, columns: [String?], isUnique: Bool, isPartial: Bool = false) {
        self.name = name
        self.columns = columns
        self.isUnique = isUnique
        self.isPartial = isPartial
    }
}

/// What a table has to do with others, and how its rows are found.
package struct SQLRelations: Sendable, Equatable {
    package var foreignKeys: [SQLForeignKey]
    package var indexes: [SQLIndex]

    package init(foreignKeys: [SQLForeignKey] = [], indexes: [SQLIndex] = []) {
        self.foreignKeys = foreignKeys
        self.indexes = indexes
    }
}
