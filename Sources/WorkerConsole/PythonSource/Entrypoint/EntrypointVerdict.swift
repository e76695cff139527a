/// What deploying a source does, as far as the source says.
package struct EntrypointVerdict: Sendable, Equatable {
    package enum Kind: String, Sendable, Equatable, CaseIterable {
        /// It starts, a fetch handler registers, and nothing on the way of a GET request was found to fail.
        case registered = "ok"
        /// No handler registers: the upload is refused with error 10068.
        case noHandler = "10068"
        /// The script fails while it starts: the upload is refused with error 10021.
        case failsAtStart = "10021"
        /// It deploys, and requests fail.
        case failsOnRequest = "fails-on-request"
        /// Wrangler refuses before anything is sent.
        case refused
        /// The source does not let it be decided.
        case undecided
    }

    /// What stands in the way that no change of the source helps.
    package enum Cause: Sendable, Equatable {
        case none
        /// `python_workers` is missing.
        case pythonFlag
        /// Date or flags are not accepted.
        case settings
        /// The SDK must be vendored.
        case missingSDK
    }

    package let kind: Kind
    /// One sentence: what happens and why.
    package let reason: String
    /// What was seen, a line each, with `file:line:column`.
    package let evidence: [String]
    /// The rule that decides, and where it is written.
    package let rule: String
    /// `worker.py:12:1`; `nil` without a place.
    package let place: String?
    /// A fetch handler registers, whatever a request then does; `nil` when that is not known.
    package let registers: Bool?
    package let cause: Cause

    init(
        _ kind: Kind, _ reason: String, evidence: [String] = [], rule: String, place: String? = nil,
        registers: Bool? = nil, cause: Cause = .none
    ) {
        self.kind = kind
        self.reason = reason
        self.evidence = evidence
        self.rule = rule
        self.place = place
        self.registers = registers
        self.cause = cause
    }
}

/// The files that are uploaded with a Worker: paths are relative to the folder of `main`, with `/`.
package protocol EntrypointFiles: Sendable {
    /// The bytes of a regular file inside the project; `nil` when there is none.
    func bytes(_ path: String) -> [UInt8]?
    func isFolder(_ path: String) -> Bool
    /// What was read of these files already; `nil` where every source is read for who asks.
    var memo: SourceMemo? { get }
}

extension EntrypointFiles {
    package var memo: SourceMemo? { nil }

    /// The statements of a source, as ``PythonParser`` reads them.
    func statements(of bytes: [UInt8], minor: Int) throws(SourceError) -> [PythonStatement] {
        if let memo = self.memo { return try memo.statements(of: bytes, minor: minor) }
        return try PythonParser.statements(of: try SourceText(decoding: bytes), minor: minor)
    }
}

/// What the Worker finds in its environment, and what is installed beside it.
package struct EntrypointEnvironment: Sendable, Hashable {
    /// Names of bindings and vars.
    var names: Set<String>
    /// True when there can be no other names, secrets included.
    var isComplete: Bool
    /// Top-level names of the packages in `python_modules/` (and `vendor/` where it is read).
    var vendored: Set<String>
    /// A `pyproject.toml` or `requirements.txt` declares packages that may be added when deploying.
    var declaresPackages: Bool

    package init(
        names: Set<String> = [], isComplete: Bool = false, vendored: Set<String> = [], declaresPackages: Bool = false
    ) {
        self.names = names
        self.isComplete = isComplete
        self.vendored = vendored
        self.declaresPackages = declaresPackages
    }
}
