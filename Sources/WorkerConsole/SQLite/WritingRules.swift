import CSQLite

/// What a statement may do in somebody's database once writing is allowed, in the terms of SQLite's authorizer: its own
/// tables, and nothing that leaves the file, its bounds or its transaction. What workerd keeps for itself is not touched.
enum WritingRules {
    static let refusal = "this is not run here: other files, settings of SQLite, transactions and tables of workerd"

    static func check(_ action: Int32, _ first: UnsafePointer<CChar>?, _ second: UnsafePointer<CChar>?) -> Int32 {
        switch action {
        case SQLITE_ATTACH, SQLITE_DETACH, SQLITE_TRANSACTION, SQLITE_SAVEPOINT: return SQLITE_DENY
        case SQLITE_PRAGMA: return ReadingRules.check(action, first, second)
        case SQLITE_FUNCTION:
            let name = second.map { String(cString: $0).lowercased() } ?? ""
            return ["load_extension", "fts3_tokenizer"].contains(name) ? SQLITE_DENY : SQLITE_OK
        case SQLITE_INSERT, SQLITE_UPDATE, SQLITE_DELETE, SQLITE_DROP_TABLE, SQLITE_CREATE_TABLE:
            let name = first.map { String(cString: $0).lowercased() } ?? ""
            return name.hasPrefix("_cf_") ? SQLITE_DENY : SQLITE_OK
        case SQLITE_ALTER_TABLE:
            // The table is the second one here.
            let name = second.map { String(cString: $0).lowercased() } ?? ""
            return name.hasPrefix("_cf_") ? SQLITE_DENY : SQLITE_OK
        default: return SQLITE_OK
        }
    }
}
