import CommandLineArguments
import Glibc
import TextOutput
import TextSafety
import WorkerDomain

/// Reads a D1 database without a screen, and changes it when that is asked for.
struct D1Command: Command {
    enum Action: String, Sendable, CaseIterable { case query, tables, schema, export, migrations }

    static let action = Parameter<Action>.required(
        "action", help: "What to do: \(UsageError.list(Action.allCases.map(\.rawValue), "or")).",
        completion: .values(Action.allCases.map(\.rawValue)),
        expects: "must be \(UsageError.list(Action.allCases.map(\.rawValue), "or"))"
    ) { Action(rawValue: $0) }
    static let database = Parameter<String>.required(
        "database", help: "A database binding.", expects: "it is empty"
    ) { $0.isEmpty ? nil : $0 }
    static let subject = Parameter.optionalArgument(
        "subject",
        help: "For query the statement (default: standard input), for export and schema a table (default: all).")
    static let format = Parameter.option(
        "format", valueName: "format",
        help: "query, export: text, csv, safe-csv, json or sql (default: text, of export sql).",
        of: RowFormat.self)
    static let limit = Parameter.option(
        "limit", valueName: "n", help: "query, export of a table: rows at most (default: all; of RETURNING 10,000).",
        in: 1...Int.max)

    static let write = Parameter.flag(
        "write", help: "query: run a statement that changes the database, after a backup.")

    static let declaration = CommandDeclaration(
        name: "d1", abstract: "Query, change and export a D1 database binding.",
        discussion: """
            Nothing is written without --write. \
            With --json, {"columns":[…],"rows":[[…]]}: integers exact, blobs as {"blob":"<base64>"}, and {"real":"Infinity"} \
            where JSON has no number; --write adds "changed" and "backup", and "printed" where rows of RETURNING are left out; migrations is an object of its own. \
            safe-csv is CSV whose texts no spreadsheet runs as formulas. A statement may run for 30 seconds. \
            Exit codes: 0 done, 1 a statement that is wrong or would write, or no such table, 2 the database cannot be read \
            or changed.
            """,
        parameters: [Self.action, Self.database, Self.subject, Self.format, Self.limit, Self.write]
            + DataOptions.parameters)

    /// How long a statement may run, and an export.
    static let queryTime = Duration.seconds(30)
    static let exportTime = Duration.seconds(24 * 3_600)

    let action: Action
    let name: String
    let subject: String?
    let format: RowFormat?
    let limit: Int?
    let isWriting: Bool
    let options: DataOptions

    init(_ arguments: Arguments) throws(UsageError) {
        self.action = arguments[Self.action]
        self.name = arguments[Self.database]
        self.subject = arguments[Self.subject]
        self.limit = arguments[Self.limit]
        self.isWriting = arguments[Self.write]
        self.options = DataOptions(arguments)
        let format = arguments[Self.format]
        if self.isWriting, self.action != .query {
            throw UsageError("--write is of d1 query, not of d1 \(self.action.rawValue)")
        }
        try self.options.check(isWriting: self.isWriting)
        if self.options.isJSON, let format, format != .json {
            throw UsageError("--json and --format \(format.rawValue) exclude each other")
        }
        self.format = self.options.isJSON ? .json : format
        if [.tables, .migrations].contains(self.action), self.subject != nil {
            throw UsageError("unexpected argument \"\(self.subject ?? "")\"")
        }
        if self.action == .migrations, let format, ![.text, .json].contains(format) {
            throw UsageError("migrations are printed as text or json")
        }
        if self.action == .export, self.subject == nil, self.format != nil, self.format != .sql {
            throw UsageError("a whole database is exported as SQL; name a table for another format")
        }
    }

    func run() async throws(CommandFailure) {
        let resource = try self.options.open(.d1, self.name, mode: self.isWriting ? .write : .read)
        guard case .database(let database) = resource.reader else { throw .cannotRun("\(self.name) is not a database") }
        switch self.action {
        case .query where self.isWriting:
            let change = DatabaseChange(resource, format: self.format ?? .text, limit: self.limit)
            try await change.run(self.statement())
        case .query: try await self.query(database)
        case .tables: try await self.tables(database)
        case .schema: try await self.schema(database)
        case .export: try await self.export(database)
        case .migrations: try await self.migrations(resource)
        }
    }

    private func migrations(_ resource: BoundResource) async throws(CommandFailure) {
        guard let migrations = resource.migrations else {
            throw .cannotRun("\(self.name) has no migrations here: its store is not the local state")
        }
        let report = try await reading { () async throws(StorageError) in try await migrations.report() }
        let isJSON = self.format == .json
        try StandardOutput.write(isJSON ? MigrationText.json(of: report) : MigrationText.lines(of: report))
        guard !isJSON else { return }
        if let reason = report.undecided { StandardError.say("drift is not known: \(reason)") }
        if report.migrations.isEmpty, report.hasFolder {
            StandardError.say("no migrations in \(ControlCharacters.shellWord(report.folder))")
        }
    }

    private func query(_ database: any SQLDatabase) async throws(CommandFailure) {
        let sql = try self.statement()
        try await self.print(sql, database, RowPrinter(self.format ?? .text), time: Self.queryTime)
    }

    /// From the command line or standard input.
    private func statement() throws(CommandFailure) -> String {
        if let typed = self.subject, typed != "-" { return typed }
        return try Self.standardInput()
    }

    /// Runs a statement and prints its rows; what is left out is said.
    private func print(
        _ sql: String, _ database: any SQLDatabase, _ printer: RowPrinter, time: Duration
    ) async throws(CommandFailure) {
        let limit = self.limit
        let hasMore = try await reading { () async throws(StorageError) in
            let hasMore = try await database.stream(sql, limit: limit, timeLimit: time, to: printer)
            try printer.finish()
            return hasMore
        }
        if hasMore {
            StandardError.say(Self.stopped(at: limit))
        }
    }

    static func stopped(at limit: Int?) -> String {
        "stopped at \(limit.map { "--limit \($0)" } ?? "10000 rows"), more exist"
    }

    private func tables(_ database: any SQLDatabase) async throws(CommandFailure) {
        let overview = try await reading { () async throws(StorageError) in try await database.overview() }
        guard overview.exists else { throw self.nothing }
        let printer = RowPrinter(self.format ?? .text)
        try await reading { () async throws(StorageError) in
            try printer.take(columns: ["name", "type", "rows"])
            for table in overview.tables {
                // What an overview leaves out is counted now; a view may fail, or take too long.
                var count = table.rows
                if count == nil { count = try? await database.count(of: table.name) }
                let rows = count.map { SQLValue.integer(Int64($0)) } ?? .null
                try printer.take(row: [.text(table.name), .text(table.kind.rawValue), rows])
            }
            try printer.finish()
        }
    }

    private func schema(_ database: any SQLDatabase) async throws(CommandFailure) {
        let overview = try await reading { () async throws(StorageError) in try await database.overview() }
        guard overview.exists else { throw self.nothing }
        let entries = overview.schema.filter { entry in
            self.subject.map { $0.hasSameBytes(as: entry.name) || $0.hasSameBytes(as: entry.table) } ?? true
        }
        if let subject = self.subject, entries.isEmpty { throw self.noTable(subject) }
        guard self.format != nil, self.format != .sql else {
            let statements = entries.compactMap(\.sql).map { $0 + ";\n" }
            return try StandardOutput.write(statements.joined())
        }
        let printer = RowPrinter(self.format ?? .text)
        try await reading { () async throws(StorageError) in
            try printer.take(columns: ["type", "name", "tbl_name", "sql"])
            for entry in entries {
                try printer.take(
                    row: [
                        .text(entry.type), .text(entry.name), .text(entry.table), entry.sql.map { .text($0) } ?? .null,
                    ])
            }
            try printer.finish()
        }
    }

    private func export(_ database: any SQLDatabase) async throws(CommandFailure) {
        let overview = try await reading { () async throws(StorageError) in try await database.overview() }
        guard overview.exists else { throw self.nothing }
        guard let table = self.subject else {
            return try await DatabaseExport(database, overview, time: Self.exportTime).run()
        }
        guard overview.tables.contains(where: { $0.name.hasSameBytes(as: table) }) else { throw self.noTable(table) }
        let sql = "SELECT * FROM \(DatabaseExport.quoted(table))"
        let format = self.format ?? .sql
        if format == .sql {
            return try await DatabaseExport(database, overview, time: Self.exportTime).run(
                only: table, limit: self.limit)
        }
        try await self.print(sql, database, RowPrinter(format), time: Self.exportTime)
    }

    private var nothing: CommandFailure {
        CommandFailure(exitCode: 1, message: "open d1:\(self.name): nothing has been stored yet")
    }

    private func noTable(_ name: String) -> CommandFailure {
        CommandFailure(exitCode: 1, message: "open d1:\(self.name): no such table or view: \(name)")
    }

    /// A statement from a pipe; at most what the database takes.
    private static func standardInput() throws(CommandFailure) -> String {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while bytes.count <= 1 << 20 {
            let count = read(STDIN_FILENO, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw .cannotRun("cannot read standard input: \(SystemReason.text(errno))") }
            if count == 0 { break }
            bytes += buffer[..<count]
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw .cannotRun("the statement on standard input is not valid UTF-8")
        }
        return text
    }
}
