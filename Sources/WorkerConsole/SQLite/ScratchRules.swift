import CSQLite

/// What somebody's script may do in a database in memory, in the terms of SQLite's authorizer: everything that stays
/// inside it. Files, bounds and code from outside are out of reach.
enum ScratchRules {
    private static let pragmas: Set<String> = [
        "data_store_directory", "hard_heap_limit", "max_page_count", "soft_heap_limit", "temp_store",
        "temp_store_directory", "threads", "trusted_schema", "writable_schema",
    ]

    static func check(_ action: Int32, _ first: UnsafePointer<CChar>?, _ second: UnsafePointer<CChar>?) -> Int32 {
        switch action {
        case SQLITE_ATTACH, SQLITE_DETACH: return SQLITE_DENY
        case SQLITE_PRAGMA:
            let name = first.map { String(cString: $0).lowercased() } ?? ""
            return self.pragmas.contains(name) ? SQLITE_DENY : SQLITE_OK
        case SQLITE_FUNCTION:
            let name = second.map { String(cString: $0).lowercased() } ?? ""
            return ["load_extension", "fts3_tokenizer"].contains(name) ? SQLITE_DENY : SQLITE_OK
        default: return SQLITE_OK
        }
    }
}
