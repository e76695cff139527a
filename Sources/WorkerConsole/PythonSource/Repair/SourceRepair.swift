/// Rewrites a Worker's source step by step until its handler registers and responds.
///
/// Each step is the first of the rewrites that may help which, judged like any other source, does help.
package struct SourceRepair: Sendable {
    /// A source that changes.
    package struct File: Sendable, Equatable {
        /// Relative to the folder of main.
        package let path: String
        package let original: [UInt8]
        package fileprivate(set) var repaired: [UInt8]
    }

    /// What the checks say in the end.
    package private(set) var verdict: EntrypointVerdict
    package private(set) var files: [File] = []
    /// What each step does, in a sentence.
    package private(set) var steps: [String] = []

    /// How far it goes.
    package enum Goal: Sendable {
        /// A handler registers.
        case registers
        /// It registers, and no trap is known in it.
        case responds
    }

    private static let stepLimit = 24
    /// Rewrites that are judged at most, for all steps together.
    private static let judgementLimit = 120
    /// No longer source is rewritten, and no longer is anything tried.
    private static let sizeLimit = 256 * 1024
    private static let timeLimit = Duration.seconds(2)

    private let main: String
    private let base: any EntrypointFiles
    private let flags: EffectiveFlags
    private let environment: EntrypointEnvironment
    private var traps: [HandlerTrap] = []
    private var judgements = 0
    private var end = ContinuousClock.now

    /// Rewrites copies of the files; `verdict` is what they do as they are, where that is known already.
    package init(
        main: String, files: any EntrypointFiles, flags: EffectiveFlags, environment: EntrypointEnvironment,
        verdict: EntrypointVerdict? = nil, goal: Goal = .responds
    ) {
        self.main = main
        self.base = files
        self.flags = flags
        self.environment = environment
        self.verdict =
            verdict
            ?? EntrypointAnalysis.verdict(main: main, files: files, flags: flags, environment: environment)
        guard self.verdict.cause == .none, let bytes = files.bytes(main), bytes.count <= Self.sizeLimit else { return }
        self.traps = self.look(files)
        self.end = ContinuousClock.now + Self.timeLimit
        while self.steps.count < Self.stepLimit, !self.isReached(goal), self.step(), !Task.isCancelled {}
    }

    private func look(_ files: any EntrypointFiles) -> [HandlerTrap] {
        EntrypointAnalysis.traps(main: self.main, files: files, flags: self.flags, environment: self.environment)
    }

    private func isReached(_ goal: Goal) -> Bool {
        switch goal {
        case .registers: self.verdict.registers == true
        case .responds: self.verdict.registers == true && self.traps.isEmpty
        }
    }

    // MARK: - Steps

    /// Makes the first rewrite that helps; false when none does.
    private mutating func step() -> Bool {
        let current = Sources(files: self.current, minor: self.flags.pythonMinor)
        for (path, rewrite) in self.candidates(current)
        where self.judgements < Self.judgementLimit && ContinuousClock.now < self.end {
            guard let (bytes, source) = current[path], let changed = source.applying(rewrite.edits), changed != bytes
            else { continue }
            self.judgements += 1
            let files = OverlaidFiles(base: current.files, path: path, bytes: changed)
            let verdict = EntrypointAnalysis.verdict(
                main: self.main, files: files, flags: self.flags, environment: self.environment)
            let traps = verdict.registers == true ? self.look(files) : []
            guard self.isBetter(verdict, traps) else { continue }
            self.verdict = verdict
            self.traps = traps
            self.steps.append(rewrite.words)
            if let index = self.files.firstIndex(where: { $0.path == path }) {
                self.files[index].repaired = changed
            } else {
                self.files.append(File(path: path, original: bytes, repaired: changed))
            }
            return true
        }
        return false
    }

    private var current: any EntrypointFiles {
        self.files.reduce(self.base) { OverlaidFiles(base: $0, path: $1.path, bytes: $1.repaired) }
    }

    private func isBetter(_ verdict: EntrypointVerdict, _ traps: [HandlerTrap]) -> Bool {
        if verdict.registers == true, self.verdict.registers != true { return true }
        if verdict.registers != true {
            // Further on while it starts.
            return self.verdict.kind == .failsAtStart && verdict.kind != .refused
                && verdict.reason != self.verdict.reason
                && (verdict.kind != .failsAtStart || Self.isLater(verdict.place, than: self.verdict.place))
                && verdict.kind != .undecided
        }
        if self.verdict.kind == .failsOnRequest, verdict.kind != .failsOnRequest { return true }
        let (before, after) = (Set(self.traps.map(\.summary)), Set(traps.map(\.summary)))
        return traps.count < self.traps.count
            || after.count == before.count && after != before
                && !after.contains(self.traps.first?.summary ?? "") && verdict.kind != .failsOnRequest
    }

    private static func isLater(_ place: String?, than other: String?) -> Bool {
        guard let new = SourcePlace(ending: place), let old = SourcePlace(ending: other) else { return true }
        return (new.line, new.column) >= (old.line, 0)
    }

    /// The sources before a step, each read once however many rewrites are tried on it.
    private final class Sources {
        let files: any EntrypointFiles
        private let minor: Int
        private var known: [String: Entry?] = [:]

        typealias Entry = (bytes: [UInt8], source: EditableSource)

        init(files: any EntrypointFiles, minor: Int) {
            self.files = files
            self.minor = minor
        }

        subscript(path: String) -> Entry? {
            if let known = self.known[path] { return known }
            var entry: Entry?
            if let bytes = self.files.bytes(path),
                let source = EditableSource(bytes, minor: self.minor, memo: self.files.memo)
            {
                entry = (bytes, source)
            }
            self.known[path] = .some(entry)
            return entry
        }
    }

    /// Rewrites that may help now, each with the file that it changes.
    private func candidates(_ sources: Sources) -> [(path: String, rewrite: Rewrite)] {
        switch self.verdict.kind {
        case .noHandler:
            guard let main = sources[self.main]?.source else { return [] }
            let modules = EntrypointAnalysis.modulesWithDefault(
                main: self.main, files: sources.files, flags: self.flags, environment: self.environment)
            return RegistrationRewrites(main: self.main, source: main, flags: self.flags, modules: modules)
                .candidates().map { (self.main, $0) }
        case .failsAtStart:
            let path = Self.file(of: self.verdict.place) ?? self.main
            guard let source = sources[path]?.source else { return [] }
            return StartRewrites(
                source: source, words: self.verdict.reason, place: SourcePlace(ending: self.verdict.place)
            ).candidates().map { (path, $0) }
        case .failsOnRequest, .registered, .undecided:
            return self.traps.flatMap { trap -> [(String, Rewrite)] in
                let path = Self.file(of: trap.place) ?? self.main
                guard let source = sources[path]?.source else { return [] }
                return TrapRewrites(source: source, flags: self.flags, trap: trap).candidates().map { (path, $0) }
            }
        case .refused: return []
        }
    }

    private static func file(of place: String?) -> String? {
        guard let place, SourcePlace(ending: place) != nil else { return nil }
        return place.split(separator: ":").dropLast(2).joined(separator: ":")
    }
}

extension HandlerTrap {
    /// The same trap in a source that has moved by some lines.
    fileprivate var summary: String { self.kind.rawValue + " " + self.words }
}
