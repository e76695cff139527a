import ConsoleUI
import WorkerDomain

/// The calls that the database screen makes, run as effects.
enum DatabaseReader {
    /// What a database holds, as it comes back to the screen.
    struct Outline: Sendable, Equatable {
        var overview: DatabaseOverview
        /// The watch that was begun before.
        var start: WatchStart?
        /// What was found around the binding's place.
        var findings: [StoreFinding] = []
        /// Where the database is, for a person.
        var place = ""
    }
    /// A page of rows, how it was reached, and how to go on from it.
    struct PageAnswer: Sendable, Equatable {
        var page: DatabasePage
        var move: DatabaseGrid.Move
        var first: SQLPlace?
        var last: SQLPlace?
        var hasBefore = false
        var offset: Int?
        var isKeyed = true
    }
    /// Columns of a table, and what it has to do with others.
    struct Schema: Sendable, Equatable {
        var columns: [SQLColumn]
        var relations: SQLRelations
    }

    typealias OutlineReply = Result<Outline, StorageError>
    /// Rows of a statement, and how many it has changed; `nil` when it only read.
    struct QueryAnswer: Sendable, Equatable {
        var page: PageAnswer
        var changed: Int?
    }

    typealias QueryReply = Result<QueryAnswer, StorageError>
    typealias ColumnsReply = Result<[SQLColumn], StorageError>
    typealias SchemaReply = Result<Schema, StorageError>
    typealias CountReply = Result<Int, StorageError>
    typealias PageReply = Result<PageAnswer, StorageError>

    static func outline(_ services: Services, binding: String, watches: Bool) async -> OutlineReply {
        let resource = services.resources.first { $0.binding.id.hasSameBytes(as: binding) }
        let start = watches ? resource.flatMap { WatchStart($0) } : nil
        do throws(StorageError) {
            let overview = try await self.database(services, binding).overview()
            let findings = await resource?.findings() ?? []
            let place = await resource?.locate() ?? ""
            return .success(Outline(overview: overview, start: start, findings: findings, place: place))
        } catch {
            return .failure(error)
        }
    }

    static func columns(_ services: Services, binding: String, table: String) async -> ColumnsReply {
        do throws(StorageError) {
            return .success(try await self.database(services, binding).columns(of: table))
        } catch {
            return .failure(error)
        }
    }

    static func schema(_ services: Services, binding: String, table: String) async -> SchemaReply {
        do throws(StorageError) {
            let database = try self.database(services, binding)
            return .success(
                Schema(
                    columns: try await database.columns(of: table), relations: try await database.relations(of: table)))
        } catch {
            return .failure(error)
        }
    }

    /// Tables whose columns are read for the completion of names.
    private static let completedTables = 200

    /// Columns by table; those of a table that cannot be read are left out.
    static func columns(
        _ services: Services, binding: String, tables: [String]
    ) async -> [ByteString: [String]] {
        var columns: [ByteString: [String]] = [:]
        for table in tables.prefix(self.completedTables) where !Task.isCancelled {
            guard case .success(let found) = await self.columns(services, binding: binding, table: table) else {
                continue
            }
            columns[ByteString(table)] = found.map(\.name)
        }
        return columns
    }

    static func count(_ services: Services, binding: String, table: String) async -> CountReply {
        do throws(StorageError) {
            return .success(try await self.database(services, binding).count(of: table))
        } catch {
            return .failure(error)
        }
    }

    /// Reads one page of a table.
    static func page(
        _ services: Services, binding: String, _ request: SQLPageRequest, _ move: DatabaseGrid.Move
    ) async -> PageReply {
        do throws(StorageError) {
            let database = try self.database(services, binding)
            var found = try await database.page(request)
            // The page may have been deleted: the first one is there in any case.
            if move == .again, found.rows.rows.isEmpty, request.start != .first {
                var first = request
                first.start = .first
                found = try await database.page(first)
            }
            return .success(
                PageAnswer(
                    page: DatabasePage(found.rows), move: move, first: found.first, last: found.last,
                    hasBefore: found.hasBefore, offset: found.offset, isKeyed: found.isKeyed))
        } catch {
            return .failure(error)
        }
    }

    static func query(
        _ services: Services, binding: String, sql: String, _ kind: DatabaseResult.Kind
    ) async -> QueryReply {
        do throws(StorageError) {
            let database = try self.database(services, binding)
            switch kind {
            case .rows:
                return .success(self.answer(try await database.query(sql, limit: DatabaseGrid.queryLimit)))
            case .plan:
                let rows = try await database.query("EXPLAIN QUERY PLAN \(sql)", limit: DatabaseGrid.queryLimit)
                return .success(self.answer(QueryPlan.lines(of: rows)))
            case .write:
                guard let writer = try self.resource(services, binding).databaseWriter else {
                    let reason = "the program was started with --read-only"
                    throw StorageError(.denied, operation: "change \(binding)", reason: reason)
                }
                let change = try await writer.write(sql, limit: DatabaseGrid.queryLimit)
                return .success(self.answer(change.rows, changed: change.changed))
            }
        } catch {
            return .failure(error)
        }
    }

    private static func answer(_ rows: SQLRows, changed: Int? = nil) -> QueryAnswer {
        QueryAnswer(page: PageAnswer(page: DatabasePage(rows), move: .first), changed: changed)
    }

    static func migrations(
        _ services: Services, binding: String
    ) async -> Result<MigrationReport?, StorageError> {
        do throws(StorageError) {
            return .success(try await self.resource(services, binding).migrations?.report())
        } catch {
            return .failure(error)
        }
    }

    static func backUp(_ services: Services, binding: String) async -> Result<String, StorageError> {
        do throws(StorageError) {
            guard let writer = try self.resource(services, binding).databaseWriter else {
                let reason = "the program was started with --read-only"
                throw StorageError(.denied, operation: "change \(binding)", reason: reason)
            }
            return .success(try await writer.backUp())
        } catch {
            return .failure(error)
        }
    }

    /// Writes rows or a value to a file.
    static func export(
        _ services: Services, binding: String, _ subject: DatabaseSaving.Subject, to path: String, isSafe: Bool,
        shown: @escaping @Sendable (SQLValue, Int) -> SQLValue
    ) async -> Result<SavedFile, StorageError> {
        do throws(StorageError) {
            let source: RowExport.Source
            switch subject {
            case .value(let bytes, _): return .success(try await services.rowFiles.save(bytes, to: path))
            case .table(let name): source = .table(name)
            case .rows(let rows, _): source = .rows(rows)
            }
            let export = RowExport(source: source, target: subject.name, path: path, isSafe: isSafe, shown: shown)
            return .success(try await services.rowFiles.save(export, from: try self.database(services, binding)))
        } catch {
            return .failure(error)
        }
    }

    private static func resource(_ services: Services, _ binding: String) throws(StorageError) -> BoundResource {
        guard let resource = services.resources.first(where: { $0.binding.id.hasSameBytes(as: binding) }) else {
            let reason = "the binding is no longer configured"
            throw StorageError(.notFound, operation: "open \(binding)", reason: reason)
        }
        return resource
    }

    private static func database(_ services: Services, _ binding: String) throws(StorageError) -> any SQLDatabase {
        guard let resource = services.resources.first(where: { $0.binding.id.hasSameBytes(as: binding) }),
            case .database(let database) = resource.reader
        else {
            let reason = "the binding is no longer configured"
            throw StorageError(.notFound, operation: "open \(binding)", reason: reason)
        }
        return database
    }
}
