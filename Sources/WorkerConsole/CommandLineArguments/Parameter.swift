import WorkerDomain

/// An argument or option with the type of its value.
///
/// A command declares its parameters as values, and reads what was typed with the same values:
/// `arguments[Self.listen]`.
package struct Parameter<Value: Sendable>: Sendable {
    package let declaration: ParameterDeclaration
    /// Reads what was typed, in its order; a flag that was given is an empty text.
    let read: @Sendable ([String]) throws(UsageError) -> Value
}

/// A parameter of any type, for lists of them.
package protocol AnyParameter: Sendable {
    var declaration: ParameterDeclaration { get }
    /// - Throws: ``UsageError`` when a text is no value of this parameter.
    func value(of texts: [String]) throws(UsageError) -> any Sendable
}

extension Parameter: AnyParameter {
    package func value(of texts: [String]) throws(UsageError) -> any Sendable { try self.read(texts) }
}

extension Parameter where Value == Bool {
    /// `--name`: true when it was given.
    package static func flag(_ name: String, letter: Character? = nil, help: String) -> Parameter {
        Parameter(declaration: ParameterDeclaration(.flag, name, letter: letter, help: help)) { !$0.isEmpty }
    }
}

extension Parameter where Value == String {
    /// The one value of a known place, which may be left out.
    /// - Parameters:
    ///   - name: Stands for it in help.
    ///   - standard: Its value when it was left out.
    ///   - help: One sentence.
    ///   - completion: What a shell offers.
    /// - Returns: A parameter that refuses an empty text.
    package static func argument(
        _ name: String, default standard: String, help: String, completion: ParameterDeclaration.Completion = .nothing
    ) -> Parameter {
        let declaration = ParameterDeclaration(.argument, name, help: help, completion: completion)
        return Parameter(declaration: declaration) { texts throws(UsageError) in
            guard let text = texts.last else { return standard }
            if text.isEmpty { throw declaration.refusal(of: text, reason: "it is empty") }
            return text
        }
    }
}

extension Parameter {
    /// The value of a known place, which must be there.
    /// - Parameters:
    ///   - name: Stands for it in help.
    ///   - help: One sentence.
    ///   - completion: What a shell offers; lists of values are also suggested from.
    ///   - expects: Says what a value must be.
    ///   - convert: Makes the value; `nil` when the text is none.
    /// - Returns: A parameter that refuses what is missing or cannot be converted.
    package static func required(
        _ name: String, help: String, completion: ParameterDeclaration.Completion = .nothing, expects: String,
        convert: @escaping @Sendable (String) -> Value?
    ) -> Parameter {
        var declaration = ParameterDeclaration(.argument, name, help: help, completion: completion)
        declaration.isRequired = true
        let declared = declaration
        return Parameter(declaration: declared) { texts throws(UsageError) in
            guard let value = try declared.values(of: texts, expects: expects, convert: convert).last else {
                throw UsageError("missing argument \(declared.spelling)")
            }
            return value
        }
    }

    /// The value of a known place, `nil` when it was left out.
    package static func optionalArgument(_ name: String, help: String) -> Parameter where Value == String? {
        let declaration = ParameterDeclaration(.argument, name, help: help)
        return Parameter(declaration: declaration) { texts throws(UsageError) in
            guard let text = texts.last else { return nil }
            if text.isEmpty { throw declaration.refusal(of: text, reason: "it is empty") }
            return text
        }
    }

    /// `--name value`: the last value, or `nil` when none was given.
    /// - Parameters:
    ///   - name: Without the hyphens.
    ///   - letter: Its short form.
    ///   - valueName: Stands for the value in help.
    ///   - help: One sentence.
    ///   - completion: What a shell offers; lists of values are also suggested from.
    ///   - expects: Says what a value must be: `must be a number from 1 to 64`.
    ///   - convert: Makes the value; `nil` when the text is none.
    /// - Returns: A parameter that refuses what cannot be converted.
    package static func option<Wrapped: Sendable>(
        _ name: String, letter: Character? = nil, valueName: String, help: String,
        completion: ParameterDeclaration.Completion = .nothing, expects: String,
        convert: @escaping @Sendable (String) -> Wrapped?
    ) -> Parameter where Value == Wrapped? {
        let declaration = ParameterDeclaration(
            .option, name, letter: letter, valueName: valueName, help: help, completion: completion)
        return Parameter(declaration: declaration) { texts throws(UsageError) in
            // A value that a later one replaces must be valid too: it may be the one with the mistake.
            try declaration.values(of: texts, expects: expects, convert: convert).last
        }
    }

    /// `--name value` with any text as its value.
    package static func option(
        _ name: String, letter: Character? = nil, valueName: String, help: String
    ) -> Parameter where Value == String? {
        .option(name, letter: letter, valueName: valueName, help: help, expects: "") { $0 }
    }

    /// `--name value` with a whole number.
    package static func option(
        _ name: String, letter: Character? = nil, valueName: String, help: String, in range: ClosedRange<Int>
    ) -> Parameter where Value == Int? {
        .option(
            name, letter: letter, valueName: valueName, help: help,
            expects: "must be a whole number from \(range.lowerBound) to \(range.upperBound)"
        ) { text in Int(text).flatMap { range.contains($0) ? $0 : nil } }
    }

    /// `--name value` with one of the names of an enumeration.
    package static func option<Choice: CaseIterable & RawRepresentable & Sendable>(
        _ name: String, letter: Character? = nil, valueName: String, help: String, of choices: Choice.Type,
        convert: @escaping @Sendable (String) -> Choice? = { Choice(rawValue: $0) }
    ) -> Parameter where Value == Choice?, Choice.RawValue == String {
        let names = choices.allCases.map(\.rawValue)
        return .option(
            name, letter: letter, valueName: valueName, help: help, completion: .values(names),
            expects: "must be \(UsageError.list(names, "or"))", convert: convert)
    }

    /// `--name value`, as often as one likes: all values in their order.
    package static func repeated<Element: Sendable>(
        _ name: String, letter: Character? = nil, valueName: String, help: String, expects: String,
        convert: @escaping @Sendable (String) -> Element?
    ) -> Parameter where Value == [Element] {
        let declaration = ParameterDeclaration(
            .option, name, letter: letter, valueName: valueName, help: help, isRepeated: true)
        return Parameter(declaration: declaration) { texts throws(UsageError) in
            try declaration.values(of: texts, expects: expects, convert: convert)
        }
    }
}

extension ParameterDeclaration {
    fileprivate func values<Element>(
        of texts: [String], expects: String, convert: (String) -> Element?
    ) throws(UsageError) -> [Element] {
        var values: [Element] = []
        for text in texts {
            guard let value = convert(text) else { throw self.refusal(of: text, reason: expects) }
            values.append(value)
        }
        return values
    }

    fileprivate func refusal(of text: String, reason: String) -> UsageError {
        var message = "invalid value \(ArgumentText.quoted(text)) for \(self.spelling): \(reason)"
        if case .values(let values) = self.completion, let nearest = Nearest.name(to: text, among: values) {
            message += "; did you mean \(nearest)?"
        }
        return UsageError(message)
    }
}
