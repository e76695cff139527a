import PythonSource
import WorkerDomain

/// The names that the source reads from its environment are declared.
struct UsedNamesCheck: DeployCheck {
    static let id = "bindings.used"
    static let title = "Names in use"
    static let chineseTitle = "使用的名称"
    static let about =
        "Every name that the source reads from `env` is a binding, a variable or a known secret; names that are declared "
        + "and not read are listed."

    func run(_ context: CheckContext) async -> [CheckResult] {
        guard context.isPython else { return [self.result(.skip, "main is not a Python file")] }
        guard let source = context.source else { return [self.result(.skip, "no source to analyse")] }
        let sources = ImportedSources(main: source.main, files: source.files, minor: context.flags.pythonMinor)
        let environment = sources.environmentUses()
        let uses = environment.uses
        let declared = context.variables.union(context.bindings.map(\.name))
        let bytes = Set(declared.map { ByteString($0) })
        let missing = uses.filter { !$0.isOptional && !bytes.contains(ByteString($0.name)) }
        let read = Set(uses.map { ByteString($0.name) })
        let unread = environment.isOpen ? [] : declared.filter { !read.contains(ByteString($0)) }.sorted()
        let notes = unread.prefix(20).map { "\($0) is declared and not read" }
        guard let first = missing.first else {
            let names = Set(uses.map(\.name)).sorted()
            let summary =
                names.isEmpty
                ? "the source reads no name from env" : "declared: \(names.prefix(20).joined(separator: ", "))"
            return [self.result(.pass, summary, evidence: notes)]
        }
        let lines = missing.prefix(20).map { use in
            "\(use.file):\(use.place): \(use.name) is not declared"
                + (Nearest.name(to: use.name.lowercased(), among: unread.map { $0.lowercased() })
                    .flatMap { near in unread.first { $0.lowercased() == near } }.map { "; did you mean \($0)?" } ?? "")
        }
        return [
            self.result(
                .warn, "\(first.name) is read from env and not declared", evidence: lines + notes,
                rule: "reading a name that env does not have raises AttributeError, so such a request gets 500 "
                    + "(seen by running it in workerd); secrets that were set with `wrangler secret put` are not seen here",
                place: "\(first.file):\(first.place)",
                fix: Self.fix(for: first, in: context), example: Self.example(for: first, in: context))
        ]
    }

    private static func fix(for use: EnvironmentUses.Use, in context: CheckContext) -> String {
        use.method == nil
            ? "declare \(use.name) in \(context.configurationName), or set it with `wrangler secret put \(use.name)`"
            : "declare \(use.name) as a binding in \(context.configurationName)"
    }

    private static func example(for use: EnvironmentUses.Use, in context: CheckContext) -> String? {
        let isTOML = context.configurationName.hasSuffix(".toml")
        let prefix = context.wrangler?.environment.map { "env.\($0)." } ?? ""
        switch use.method {
        case "prepare"?, "batch"?, "exec"?, "dump"?:
            return isTOML
                ? "[[\(prefix)d1_databases]]\nbinding = \"\(use.name)\"\ndatabase_name = \"my-database\"\n"
                : "\"d1_databases\": [{ \"binding\": \"\(use.name)\", \"database_name\": \"my-database\" }]\n"
        case "put"?, "get"?, "head"?, "list"?, "delete"?, "createMultipartUpload"?:
            return isTOML
                ? "[[\(prefix)r2_buckets]]\nbinding = \"\(use.name)\"\nbucket_name = \"my-bucket\"\n"
                : "\"r2_buckets\": [{ \"binding\": \"\(use.name)\", \"bucket_name\": \"my-bucket\" }]\n"
        case nil:
            return isTOML ? "[\(prefix)vars]\n\(use.name) = \"value\"\n" : "\"vars\": { \"\(use.name)\": \"value\" }\n"
        default: return nil
        }
    }
}
