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
    /// A page of rows, and where it begins.
    struct PageAnswer: Sendable, Equatable {
        var page: DatabasePage
        var offset: Int
        var atEnd: Bool
        /// The same page as before: what is selected stays selected.
        var isAgain = false
    }

    typealias OutlineReply = Result<Outline, StorageError>
    typealias ColumnsReply = Result<[SQLColumn], StorageError>
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

    static func count(_ services: Services, binding: String, table: String) async -> CountReply {
        do throws(StorageError) {
            return .success(try await self.database(services, binding).count(of: table))
        } catch {
            return .failure(error)
        }
    }

    /// Reads one page of a table, filtered when `filter` is not empty.
    static func rows(
        _ services: Services, binding: String, table: String, columns: [String], order: SQLOrder?, filter: String,
        offset: Int, atEnd: Bool, isAgain: Bool
    ) async -> PageReply {
        do throws(StorageError) {
            let database = try self.database(services, binding)
            let limit = DatabaseGrid.pageSize
            var offset = offset
            var rows: SQLRows
            if filter.isEmpty {
                rows = try await database.rows(of: table, order: order, offset: offset, limit: limit)
                // The page may have been deleted: the first one is there in any case.
                if isAgain, rows.rows.isEmpty, offset > 0 {
                    offset = 0
                    rows = try await database.rows(of: table, order: order, offset: 0, limit: limit)
                }
            } else {
                // One row more than a page tells whether more exist.
                let sql = DatabaseText.filterStatement(
                    table: table, columns: columns, text: filter, order: order, offset: offset, limit: limit + 1)
                guard let sql else {
                    throw StorageError(.invalid, operation: "filter \(table)", reason: "the text cannot be used in SQL")
                }
                rows = try await database.query(sql, limit: limit + 1)
                rows.hasMore = rows.rows.count > limit
                if rows.hasMore { rows.rows.removeLast(rows.rows.count - limit) }
            }
            return .success(PageAnswer(page: DatabasePage(rows), offset: offset, atEnd: atEnd, isAgain: isAgain))
        } catch {
            return .failure(error)
        }
    }

    static func query(_ services: Services, binding: String, sql: String) async -> PageReply {
        do throws(StorageError) {
            let rows = try await self.database(services, binding).query(sql, limit: DatabaseGrid.queryLimit)
            return .success(PageAnswer(page: DatabasePage(rows), offset: 0, atEnd: false))
        } catch {
            return .failure(error)
        }
    }

    private static func database(_ services: Services, _ binding: String) throws(StorageError) -> any SQLDatabase {
        guard let resource = services.resources.first(where: { $0.binding.id == binding }),
            case .database(let database) = resource.reader
        else {
            let reason = "the binding is no longer configured"
            throw StorageError(.notFound, operation: "open \(binding)", reason: reason)
        }
        return database
    }
}
