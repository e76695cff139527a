import CSQLite

/// What a statement that a person typed may do, in the terms of SQLite's authorizer.
enum ReadingRules {
    static let refusal = "only read-only statements are run here"

    /// Questions about the schema and the file; each is refused when it would set something.
    private static let pragmas: Set<String> = [
        "application_id", "collation_list", "compile_options", "data_version", "database_list", "encoding",
        "foreign_key_check", "foreign_key_list", "foreign_keys", "freelist_count", "function_list", "index_info",
        "index_list", "index_xinfo", "integrity_check", "journal_mode", "module_list", "page_count", "page_size",
        "pragma_list", "quick_check", "schema_version", "table_info", "table_list", "table_xinfo", "user_version",
    ]
    /// Those of them whose argument says what is asked about.
    private static let pragmasWithArgument: Set<String> = [
        "foreign_key_check", "foreign_key_list", "index_info", "index_list", "index_xinfo", "integrity_check",
        "quick_check", "table_info", "table_list", "table_xinfo",
    ]

    /// SQLite's answer to "may this be compiled?".
    static func check(_ action: Int32, _ first: UnsafePointer<CChar>?, _ second: UnsafePointer<CChar>?) -> Int32 {
        switch action {
        case SQLITE_SELECT, SQLITE_READ, SQLITE_RECURSIVE: return SQLITE_OK
        case SQLITE_UPDATE:
            // SQLite 3.40 asks this when it declares a virtual table, full-text ones and pragma functions among them. A
            // statement that would write there is refused as any that is not read-only.
            return first.map { String(cString: $0) } == "sqlite_master" ? SQLITE_OK : SQLITE_DENY
        case SQLITE_FUNCTION:
            let name = second.map { String(cString: $0).lowercased() } ?? ""
            return ["load_extension", "fts3_tokenizer"].contains(name) ? SQLITE_DENY : SQLITE_OK
        case SQLITE_PRAGMA:
            let name = first.map { String(cString: $0).lowercased() } ?? ""
            guard self.pragmas.contains(name) else { return SQLITE_DENY }
            return second == nil || self.pragmasWithArgument.contains(name) ? SQLITE_OK : SQLITE_DENY
        default: return SQLITE_DENY
        }
    }
}
