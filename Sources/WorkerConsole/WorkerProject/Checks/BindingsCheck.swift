import WorkerDomain

/// Every binding has what it needs.
struct BindingsCheck: DeployCheck {
    static let id = "bindings.complete"
    static let title = "Bindings"
    static let chineseTitle = "绑定"
    static let about = "Every D1, R2 and KV binding has a unique name and names its resource."

    /// What is wrong with an id that Cloudflare gives.
    private static func identifierProblem(of binding: Binding) -> String? {
        guard let identifier = binding.identifier else { return nil }
        switch binding.kind {
        case .d1:
            let isID =
                identifier.wholeMatch(of: /[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{12}/)
                != nil
            return isID ? nil : "database_id is not an id of D1, which looks like 66bd8675-ff3c-40db-9a12-10f554000244"
        case .kv:
            return identifier.wholeMatch(of: /[0-9A-Fa-f]{32}/) != nil
                ? nil : "id is not an id of a KV namespace, which is 32 hexadecimal digits"
        default: return nil
        }
    }

    func run(_ context: CheckContext) async -> [CheckResult] {
        guard !context.bindings.isEmpty else { return [self.result(.pass, "no D1, R2 or KV binding is configured")] }
        var seen: Set<ByteString> = []
        var problems: [String] = []
        var notes: [String] = []
        for binding in context.bindings {
            let label = "\(binding.name) (\(binding.kind.rawValue))"
            if !seen.insert(ByteString(binding.name)).inserted {
                problems.append("\(label): another binding has the same name")
            }
            if binding.name.wholeMatch(of: /[A-Za-z_$][A-Za-z0-9_$]*/) == nil {
                problems.append("\(label): the name is not an identifier, so the source cannot use env.\(binding.name)")
            }
            if let problem = Self.identifierProblem(of: binding) { problems.append("\(label): \(problem)") }
            switch binding.kind {
            case .d1 where binding.identifier == nil:
                notes.append("\(label): no database_id; wrangler creates a database when deploying")
            case .kv where binding.identifier == nil:
                notes.append("\(label): no id; wrangler creates a namespace when deploying")
            case .r2 where binding.resource == nil:
                notes.append("\(label): no bucket_name; wrangler creates a bucket when deploying")
            case .r2:
                let bucket = binding.resource ?? ""
                if bucket.wholeMatch(of: /[a-z0-9][a-z0-9\-]{1,61}[a-z0-9]/) == nil {
                    problems.append(
                        "\(label): \"\(bucket)\" is not a valid bucket name (3 to 63 lowercase letters, digits and hyphens)"
                    )
                }
            default: break
            }
        }
        let names = context.bindings.map(\.name).joined(separator: ", ")
        if let first = problems.first {
            return [
                self.result(
                    .fail, first, evidence: problems + notes, place: context.configurationFile,
                    fix: "change it in \(context.configurationName)")
            ]
        }
        if let first = notes.first {
            return [
                self.result(
                    .warn, first, evidence: notes,
                    rule: "ids and bucket names are optional since automatic provisioning",
                    fix: "name the resource if it already exists; otherwise the Worker gets a new, empty one")
            ]
        }
        return [self.result(.pass, names)]
    }
}
