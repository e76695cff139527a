import PythonSource
import WorkerDomain

/// What has to change in a project so that its handler registers and responds: its flags first, then its source.
struct RepairPlan {
    /// Changes of the wrangler file; `nil` for none.
    private(set) var configuration: CheckRepair.File?
    /// The source with its changes; `nil` when the flags already stand in the way.
    private(set) var source: SourceRepair?
    private(set) var steps: [String] = []
    private let context: CheckContext

    /// - Parameters:
    ///   - context: The project.
    ///   - goal: How far the source is changed; `nil` to leave it as it is.
    init(_ context: CheckContext, goal: SourceRepair.Goal?) {
        self.context = context
        guard context.isPython, context.isDateKnown, let source = context.source else { return }
        var flags = context.flags
        if !flags.hasPythonWorkers, !self.add("python_workers", to: &flags) { return }
        guard let goal else { return }
        var verdict = context.verdict(of: source.main, files: source.files, flags: flags)
        if verdict.cause == .missingSDK {
            guard self.add("disable_python_external_sdk", to: &flags) else { return }
            verdict = context.verdict(of: source.main, files: source.files, flags: flags)
        }
        guard verdict.cause == .none else { return }
        let repair = SourceRepair(
            main: source.main, files: source.files, flags: flags, environment: context.environment(flags: flags),
            verdict: verdict, goal: goal)
        self.source = repair
        self.steps += repair.steps
    }

    private mutating func add(_ flag: String, to flags: inout EffectiveFlags) -> Bool {
        guard let wrangler = self.context.wrangler, let path = wrangler.path else { return false }
        let bytes: [UInt8]
        if let configuration = self.configuration {
            bytes = configuration.repaired
        } else if let read = try? BoundedFile.read(path) {
            bytes = read
        } else {
            return false
        }
        guard let changed = ConfigurationRepair.adding(flag: flag, to: wrangler, bytes: bytes) else { return false }
        self.configuration = CheckRepair.File(
            path: path, name: self.context.configurationName, original: self.configuration?.original ?? bytes,
            repaired: changed)
        self.steps.append("add the flag \(flag)")
        flags = EffectiveFlags(date: flags.date, flags: flags.flags + [flag], today: self.context.today)
        return true
    }

    /// All of it; `nil` when nothing changes.
    var repair: CheckRepair? {
        var files: [CheckRepair.File] = []
        if let configuration = self.configuration { files.append(configuration) }
        if let source = self.context.source {
            for file in self.source?.files ?? [] {
                let path = source.files.folder + "/" + file.path
                let root = self.context.folder + "/"
                files.append(
                    CheckRepair.File(
                        path: path, name: path.hasPrefix(root) ? String(path.dropFirst(root.count)) : file.path,
                        original: file.original, repaired: file.repaired))
            }
        }
        return files.isEmpty ? nil : CheckRepair(files: files, steps: self.steps)
    }
}

extension CheckResult {
    /// Sources up to this many lines are shown whole.
    private static let wholeLimit = 60

    /// The result with the change that helps, and the code to copy.
    func repaired(by repair: CheckRepair?) -> CheckResult {
        guard let repair, let file = repair.files.last else { return self }
        let new = String(decoding: file.repaired, as: UTF8.self)
        let lines = LineDiff.lines(of: new)
        let isWhole = lines.count <= Self.wholeLimit && new.utf8.count < 8192
        let comment = file.name.hasSuffix(".json") || file.name.hasSuffix(".jsonc") ? "//" : "#"
        let example: String
        if isWhole {
            example = "\(comment) \(file.name), whole\n" + new
        } else {
            let changes = LineDiff(from: String(decoding: file.original, as: UTF8.self), to: new).changes
            var added: [String] = []
            var last = 0
            for case .added(let line, let number) in changes.prefix(100_000) where added.count < 200 {
                if number != last + 1 { added.append("\(comment) \(file.name), from line \(number)") }
                added.append(line)
                last = number
            }
            example = added.joined(separator: "\n") + "\n"
        }
        var result = CheckResult(
            id: self.id, title: self.title, outcome: self.outcome, summary: self.summary, evidence: self.evidence,
            rule: self.rule, place: self.place, fix: self.fix, example: example, duration: self.duration,
            chinese: self.chinese)
        result.original = isWhole ? String(decoding: file.original, as: UTF8.self) : nil
        result.headLines = isWhole ? 1 : 0
        result.repair = repair
        result.code = self.code
        return result
    }
}
