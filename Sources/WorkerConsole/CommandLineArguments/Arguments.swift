/// What was typed after a command, read and checked.
package struct Arguments: Sendable {
    /// True when no command was named and the default one stands in.
    package let isCommandImplied: Bool
    private let values: [String: any Sendable]

    /// - Parameters:
    ///   - texts: What was typed for each parameter, by its spelling.
    ///   - parameters: All that the command declares.
    ///   - isCommandImplied: No command was named.
    /// - Throws: ``UsageError`` when a text is no value of its parameter.
    init(
        texts: [String: [String]], parameters: [any AnyParameter], isCommandImplied: Bool
    ) throws(UsageError) {
        var values: [String: any Sendable] = [:]
        for parameter in parameters {
            let spelling = parameter.declaration.spelling
            values[spelling] = try parameter.value(of: texts[spelling] ?? [])
        }
        self.values = values
        self.isCommandImplied = isCommandImplied
    }

    /// The value of a parameter that the command declares.
    package subscript<Value>(_ parameter: Parameter<Value>) -> Value {
        guard let value = self.values[parameter.declaration.spelling] as? Value else {
            preconditionFailure("the command does not declare \(parameter.declaration.spelling)")
        }
        return value
    }
}
