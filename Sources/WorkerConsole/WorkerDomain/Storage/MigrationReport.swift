/// How a database stands against the migrations of its project.
package struct MigrationReport: Sendable, Equatable {
    package enum State: String, Sendable, Equatable {
        case applied
        case pending
        /// It was applied, and its file is gone.
        case missing
    }
    package struct Migration: Sendable, Equatable {
        package let name: String
        package let state: State
        /// As the database noted it.
        package let appliedAt: String?

        package init(name: String, state: State, appliedAt: String? = nil) {
            self.name = name
            self.state = state
            self.appliedAt = appliedAt
        }
    }

    /// What differs between the database and what its migrations make.
    package struct Drift: Sendable, Equatable {
        package enum Kind: String, Sendable, Equatable {
            /// No migration makes it.
            case extra
            /// A migration makes it, and the database does not have it.
            case absent
            /// Its definition is another one.
            case different
        }
        package let kind: Kind
        /// `table`, `view`, `index` or `trigger`.
        package let type: String
        package let name: String

        package init(kind: Kind, type: String, name: String) {
            self.kind = kind
            self.type = type
            self.name = name
        }
    }

    /// The folder of the files, and the table that notes the applied ones.
    package let folder: String
    package let table: String
    /// False when the folder is not there.
    package var hasFolder: Bool
    /// In their order.
    package var migrations: [Migration]
    package var drift: [Drift]
    /// Why the drift could not be told; `nil` when it was.
    package var undecided: String?

    package init(
        folder: String, table: String, hasFolder: Bool = true, migrations: [Migration] = [], drift: [Drift] = [],
        undecided: String? = nil
    ) {
        self.folder = folder
        self.table = table
        self.hasFolder = hasFolder
        self.migrations = migrations
        self.drift = drift
        self.undecided = undecided
    }

    package func count(_ state: State) -> Int { self.migrations.count { $0.state == state } }

    /// Nothing is left to apply, nothing is gone and nothing differs.
    package var isClean: Bool {
        self.migrations.allSatisfy { $0.state == .applied } && self.drift.isEmpty && self.undecided == nil
    }
}

/// Looks at a database's migrations; looking never writes.
package protocol MigrationReader: Sendable {
    func report() async throws(StorageError) -> MigrationReport
}
