/// One thing that the program does, with the options that it declares.
package protocol Command: Sendable {
    static var declaration: CommandDeclaration { get }

    /// Reads what was typed.
    /// - Throws: ``UsageError`` when options conflict with each other.
    init(_ arguments: Arguments) throws(UsageError)

    /// - Throws: ``CommandFailure`` to end with another exit code than 0.
    func run() async throws(CommandFailure)
}

/// What help, completions and the reference page say of a command.
package struct CommandDeclaration: Sendable {
    package let name: String
    /// One sentence.
    package let abstract: String
    /// What the sentence leaves out; may be empty.
    package let discussion: String
    /// In the order of the help.
    package let parameters: [any AnyParameter]

    package init(name: String, abstract: String, discussion: String = "", parameters: [any AnyParameter]) {
        self.name = name
        self.abstract = abstract
        self.discussion = discussion
        self.parameters = parameters
    }

    var arguments: [ParameterDeclaration] { self.declarations { $0 == .argument } }
    /// Options and flags.
    var options: [ParameterDeclaration] { self.declarations { $0 != .argument } }

    private func declarations(_ isWanted: (ParameterDeclaration.Kind) -> Bool) -> [ParameterDeclaration] {
        self.parameters.map(\.declaration).filter { isWanted($0.kind) }
    }
}

/// Why a command ends with another exit code than 0.
package struct CommandFailure: Error, Sendable, Equatable {
    package let exitCode: Int32
    /// One line for a person, not sanitised yet; `nil` when everything has been said.
    package let message: String?

    package init(exitCode: Int32, message: String? = nil) {
        self.exitCode = exitCode
        self.message = message
    }
}
