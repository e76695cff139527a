import CToml

/// Reads TOML 1.1 with toml++, as wrangler reads it: every key and value with its place, in the order of the file.
package enum TOMLReader {
    /// - Throws: ``ConfigurationSyntaxError``.
    package static func parse(_ bytes: [UInt8]) throws(ConfigurationSyntaxError) -> ConfigurationValue {
        let text = try ConfigurationText(bytes)
        let guarded = TOMLGuard(text.scalars)
        guard let problem = guarded.problem else {
            return try TOMLDocument(guarded.scalars[...]).value(in: text)
        }
        // What toml++ refuses before that place comes first. That the text ends there, which is no error of the file, it
        // says of the place behind the last scalar.
        let error = ConfigurationSyntaxError(problem.message, at: text.position(problem.index))
        do throws(ConfigurationSyntaxError) {
            _ = try TOMLDocument(guarded.scalars[..<problem.index]).value(in: text)
        } catch {
            if let place = error.position, problem.index > 0, place <= text.position(problem.index - 1) { throw error }
        }
        throw error
    }
}

/// Owns what toml++ made of a text.
private struct TOMLDocument: ~Copyable {
    /// `nil` without memory.
    private let document: OpaquePointer?

    init(_ scalars: ArraySlice<Unicode.Scalar>) {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(scalars.count)
        for scalar in scalars { bytes.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter) }
        self.document = bytes.withUnsafeBytes { buffer in
            ctoml_parse(buffer.baseAddress?.assumingMemoryBound(to: CChar.self), buffer.count)
        }
    }

    deinit { ctoml_free(self.document) }

    /// - Parameter text: The text with the places.
    /// - Returns: The root table.
    /// - Throws: ``ConfigurationSyntaxError`` with toml++'s words.
    func value(in text: ConfigurationText) throws(ConfigurationSyntaxError) -> ConfigurationValue {
        guard let document = self.document else { throw ConfigurationSyntaxError("out of memory", at: nil) }
        var place = ctoml_place()
        if let message = ctoml_error(document, &place) {
            throw ConfigurationSyntaxError(
                "invalid TOML: \(TOMLWords.plain(String(cString: message)))",
                at: place.line > 0 ? SourcePosition(place) : nil)
        }
        var count = 0
        var builder = TOMLTreeBuilder(text)
        for event in UnsafeBufferPointer(start: ctoml_events(document, &count), count: count) { builder.add(event) }
        return builder.root ?? ConfigurationValue(.table([]))
    }
}

/// Makes a tree of toml++'s steps through a document.
private struct TOMLTreeBuilder {
    /// A table or array that has begun.
    private struct Parent {
        let key: String?
        let keyPosition: SourcePosition?
        let position: SourcePosition?
        var members: [ConfigurationValue.Member] = []
        var elements: [ConfigurationValue] = []
    }

    private let text: ConfigurationText
    private var parents: [Parent] = []
    private(set) var root: ConfigurationValue?

    init(_ text: ConfigurationText) { self.text = text }

    mutating func add(_ event: ctoml_event) {
        let key = event.key.map { Self.string($0, event.key_length) }
        let keyPosition = event.key == nil ? nil : SourcePosition(event.key_place)
        let position = self.position(of: event, keyPosition: keyPosition)
        let content: ConfigurationValue.Content
        switch event.kind {
        case CTOML_TABLE_BEGIN, CTOML_ARRAY_BEGIN:
            self.parents.append(Parent(key: key, keyPosition: keyPosition, position: position))
            return
        case CTOML_TABLE_END, CTOML_ARRAY_END:
            guard let parent = self.parents.popLast() else { return }
            let isTable = event.kind == CTOML_TABLE_END
            self.add(
                ConfigurationValue(isTable ? .table(parent.members) : .array(parent.elements), at: parent.position),
                key: parent.key, at: parent.keyPosition)
            return
        case CTOML_STRING: content = .string(event.text.map { Self.string($0, event.text_length) } ?? "")
        case CTOML_INTEGER: content = .number("\(event.integer)")
        case CTOML_FLOAT: content = .number(JavaScriptNumber.text(of: event.real))
        case CTOML_BOOLEAN: content = .bool(event.boolean)
        default: content = .date(self.text.string(from: SourcePosition(event.begin), to: SourcePosition(event.end)))
        }
        self.add(ConfigurationValue(content, at: position), key: key, at: keyPosition)
    }

    private mutating func add(_ value: ConfigurationValue, key: String?, at keyPosition: SourcePosition?) {
        guard let last = self.parents.indices.last else {
            self.root = value
            return
        }
        if let key {
            self.parents[last].members.append(
                ConfigurationValue.Member(key: key, keyPosition: keyPosition, value: value))
        } else {
            self.parents[last].elements.append(value)
        }
    }

    /// Where the value stands; for one that a header or a dotted key makes, where that names it.
    private func position(of event: ctoml_event, keyPosition: SourcePosition?) -> SourcePosition? {
        let begin = SourcePosition(event.begin)
        switch event.kind {
        case CTOML_TABLE_BEGIN where !event.is_inline:
            if let keyPosition { return keyPosition }
            return self.parents.isEmpty ? nil : self.lastKey(from: begin, to: SourcePosition(event.end))
        case CTOML_ARRAY_BEGIN: return keyPosition.map { max($0, begin) } ?? begin
        default: return begin
        }
    }

    /// The place of the last part of the key in a header `[[a."b".c]]`.
    private func lastKey(from begin: SourcePosition, to end: SourcePosition) -> SourcePosition {
        let scalars = self.text.scalars
        let range = self.text.index(begin) + 2..<max(self.text.index(end), self.text.index(begin) + 2)
        var last = range.lowerBound
        var index = range.lowerBound
        var isNew = true
        while range.contains(index) {
            let scalar = scalars[index]
            if scalar == "." {
                isNew = true
            } else if scalar == "]" {
                break
            } else if scalar != " ", scalar != "\t" {
                if isNew { last = index }
                isNew = false
                if scalar == "\"" || scalar == "'" {
                    index += 1
                    while range.contains(index), scalars[index] != scalar {
                        index += scalars[index] == "\\" && scalar == "\"" ? 2 : 1
                    }
                }
            }
            index += 1
        }
        return self.text.position(last)
    }

    private static func string(_ start: UnsafePointer<CChar>, _ length: Int) -> String {
        String(decoding: UnsafeRawBufferPointer(start: start, count: length), as: UTF8.self)
    }
}

extension SourcePosition {
    fileprivate init(_ place: ctoml_place) { self.init(line: Int(place.line), column: Int(place.column)) }
}
