import PythonSource
import WorkerDomain

/// The source and `vars` name no host that Cloudflare cannot reach.
struct AddressesCheck: DeployCheck {
    static let id = "addresses"
    static let title = "Addresses"
    static let chineseTitle = "地址"
    static let about =
        "Neither the source nor `vars` contains an address of this machine or of a private network, which Cloudflare cannot "
        + "reach."

    private struct Found {
        let host: String
        let kind: LocalHost
        let place: String
        let isVariable: Bool
    }

    func run(_ context: CheckContext) async -> [CheckResult] {
        var found = context.vars.flatMap { self.look(at: $0.value, named: $0.key, in: context, depth: 0) }
        if context.isPython, let source = context.source {
            for (file, finding) in ImportedSources(
                main: source.main, files: source.files, minor: context.flags.pythonMinor
            )
            .addresses() {
                found.append(
                    Found(
                        host: finding.host, kind: finding.kind, place: "\(file):\(finding.place)", isVariable: false))
            }
        } else if context.vars.isEmpty {
            return [self.result(.skip, "no source to analyse")]
        }
        guard let first = found.first(where: { !$0.isVariable }) ?? found.first else {
            return [self.result(.pass, "no address that Cloudflare cannot reach")]
        }
        return [
            self.result(
                .warn, "Cloudflare cannot reach \(first.host): \(first.kind.rawValue)",
                evidence: found.prefix(20).map { "\($0.place): \($0.host) is \($0.kind.rawValue)" },
                rule: "a deployed Worker runs in Cloudflare's network, which only reaches public addresses",
                place: first.place,
                fix: first.isVariable
                    ? "write the public address in vars, and the local one in .dev.vars"
                    : "write the public address there, or read it from a variable: self.env.BACKEND_URL")
        ]
    }

    /// A variable's text, or the texts of a JSON value.
    private func look(
        at value: ConfigurationValue, named name: String, in context: CheckContext, depth: Int
    ) -> [Found] {
        guard depth < 8, !HostsInText.isAllowList(name) else { return [] }
        switch value.content {
        case .string(let text):
            let file = context.configurationName
            let place = value.position.map { "\(file):\($0.line):\($0.column)" } ?? file
            return HostsInText.find(in: text, isWhole: true, mayBeBare: HostsInText.meansHost(name)).map {
                Found(host: $0.host, kind: $0.kind, place: place, isVariable: true)
            }
        case .array(let items):
            return items.flatMap { self.look(at: $0, named: name, in: context, depth: depth + 1) }
        case .table(let members):
            return members.flatMap { self.look(at: $0.value, named: $0.key, in: context, depth: depth + 1) }
        default: return []
        }
    }
}
