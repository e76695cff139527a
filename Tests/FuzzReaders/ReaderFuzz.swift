import WorkerProject

/// A reader of files that come from outside, with the rules that hold for whatever it is given.
///
/// The first rule is that it comes back: what ends the program or hangs is found by whoever calls it.
enum ReaderFuzz: String, CaseIterable {
    case toml, jsonc, variables, console, python, sqlite, preview, content

    /// - Returns: What is wrong with the handling of this input, or `nil`.
    func violation(_ input: [UInt8]) -> String? {
        switch self {
        case .toml: ConfigurationFuzz.violation(input, format: .toml)
        case .jsonc: ConfigurationFuzz.violation(input, format: .jsonc)
        case .variables: VariablesFuzz.violation(input)
        case .console: ConfigurationFuzz.consoleViolation(input)
        case .python: SourceFuzz.violation(input)
        case .sqlite: StateFuzz.shared.violation(input)
        case .preview: PreviewFuzz.violation(input)
        case .content: ContentFuzz.violation(input)
        }
    }
}
