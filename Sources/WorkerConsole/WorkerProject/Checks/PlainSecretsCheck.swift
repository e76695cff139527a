import PythonSource
import TextSafety
import WorkerDomain

/// No secret is written in plain text where it is deployed or committed.
struct PlainSecretsCheck: DeployCheck {
    static let id = "secrets.plain"
    static let title = "Secrets"
    static let chineseTitle = "密钥"
    static let about =
        "Neither `vars` nor the source contains a password, token or key in plain text; values are never shown."

    func run(_ context: CheckContext) async -> [CheckResult] {
        var found: [(place: String, words: String)] = []
        let file = context.configurationName
        for member in context.vars.prefix(1_000) {
            self.look(at: member.value, named: member.key, path: "vars.\(member.key)", file: file, depth: 0, &found)
        }
        if context.isPython, let source = context.source {
            let sources = ImportedSources(main: source.main, files: source.files, minor: context.flags.pythonMinor)
            for (file, bytes) in sources.sources() where found.count < 50 {
                for line in Self.lines(with: bytes) { found.append(("\(file):\(line)", "a value that gives access")) }
            }
        }
        guard let first = found.first else { return [self.result(.pass, "no secret in plain text")] }
        let isVariable = first.place.hasPrefix(file)
        return [
            self.result(
                .warn, "a secret is written in plain text: \(first.words)",
                evidence: found.prefix(20).map { "\($0.place): \($0.words)" },
                rule:
                    "vars and the source are deployed as they are, and everybody who may read the project can read them "
                    + "(https://developers.cloudflare.com/workers/configuration/secrets/)",
                place: first.place,
                fix: isVariable
                    ? "remove it from vars, set it with `wrangler secret put`, and keep the local value in .dev.vars"
                    : "read it from env, set it with `wrangler secret put`, and keep the local value in .dev.vars")
        ]
    }

    private func look(
        at value: ConfigurationValue, named name: String, path: String, file: String, depth: Int,
        _ found: inout [(place: String, words: String)]
    ) {
        guard depth < 8, found.count < 50 else { return }
        switch value.content {
        case .string(let text):
            let isNamed = Redaction.standard.hides(member: name, text: text)
            guard !text.isEmpty, isNamed || Redaction.standard.text(text) != text else { return }
            let place = value.position.map { "\(file):\($0.line):\($0.column)" } ?? file
            found.append((place, path))
        case .array(let items):
            for (index, item) in items.enumerated() {
                self.look(at: item, named: name, path: "\(path)[\(index)]", file: file, depth: depth + 1, &found)
            }
        case .table(let members):
            for member in members {
                self.look(
                    at: member.value, named: member.key, path: "\(path).\(member.key)", file: file, depth: depth + 1,
                    &found)
            }
        default: break
        }
    }

    /// The lines of a source in which something would be hidden when it is shown.
    private static func lines(with bytes: [UInt8]) -> [Int] {
        guard bytes.count <= 1_048_576 else { return [] }
        let text = String(decoding: bytes, as: UTF8.self)
        let shown = Redaction.standard.source(text)
        guard shown != text else { return [] }
        let (before, after) = (LineDiff.lines(of: text), LineDiff.lines(of: shown))
        guard before.count == after.count else { return [1] }
        return before.indices.filter { before[$0] != after[$0] }.prefix(20).map { $0 + 1 }
    }
}
