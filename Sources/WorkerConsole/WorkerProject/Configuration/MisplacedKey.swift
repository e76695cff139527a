/// A key of the top level that stands in a table, where it means something else or nothing.
///
/// In TOML everything behind a header belongs to its table, which is easily overlooked.
package struct MisplacedKey: Sendable, Equatable {
    /// `compatibility_date`.
    package let key: String
    /// The table that holds it: `vars`, `d1_databases`.
    package let table: String
    package let position: SourcePosition?
    /// The headers of TOML, or the braces of JSON, decide where a key belongs.
    let isTOML: Bool

    /// The keys that no deploy does without; `name` means something in many tables.
    private static let keys = ["name", "main", "compatibility_date", "compatibility_flags"]
    private static let tablesWithoutName = [
        "vars", "d1_databases", "r2_buckets", "kv_namespaces", "triggers", "observability", "placement", "limits",
        "dev",
        "build", "assets", "site", "define", "secrets",
    ]

    /// Finds what the top level lacks and a table has.
    static func find(in root: ConfigurationValue, isTOML: Bool) -> [MisplacedKey] {
        Self.keys.filter { root[$0] == nil }.compactMap { key in
            for member in root.members ?? [] where member.key != "env" && member.key != key {
                if key == "name", !Self.tablesWithoutName.contains(member.key) { continue }
                for table in member.value.elements ?? [member.value] {
                    guard let found = table.member(key) else { continue }
                    return MisplacedKey(
                        key: key, table: member.key, position: found.keyPosition ?? found.value.position, isTOML: isTOML
                    )
                }
            }
            return nil
        }
    }
}
