import TOMLKit

/// Reads TOML with TOMLKit, and gives every key and element the place that it has in the text.
package enum TOMLReader {
    /// - Throws: ``ConfigurationSyntaxError``.
    package static func parse(_ bytes: [UInt8]) throws(ConfigurationSyntaxError) -> ConfigurationValue {
        let text = try ConfigurationText(bytes)
        var scanner = TOMLKeyScanner(text)
        // Before TOMLKit sees the text: its tables are freed recursively, so a deep one would end the process.
        try scanner.scan()
        do {
            let table = try TOMLTable(string: text.string)
            return Self.value(of: table, path: "", places: scanner.places)
        } catch let error as TOMLParseError {
            let position = SourcePosition(line: error.source.begin.line, column: error.source.begin.column)
            throw ConfigurationSyntaxError("invalid TOML: \(error.description)", at: position)
        } catch {
            throw ConfigurationSyntaxError("invalid TOML", at: nil)
        }
    }

    private static func value(
        of table: TOMLTable, path: String, places: [String: TOMLKeyScanner.Place]
    ) -> ConfigurationValue {
        let keys = table.keys.map { key in (key: key, place: places[path + TOMLKeyScanner.separator + key]) }
        // TOMLKit sorts the keys by name; the order of the file matters to people.
        let ordered = keys.sorted { ($0.place?.order ?? .max, $0.key) < ($1.place?.order ?? .max, $1.key) }
        let members = ordered.compactMap { entry -> ConfigurationValue.Member? in
            guard let node = table[entry.key] else { return nil }
            let value = Self.value(of: node, path: path + TOMLKeyScanner.separator + entry.key, places: places)
            return ConfigurationValue.Member(key: entry.key, keyPosition: entry.place?.key, value: value)
        }
        return ConfigurationValue(.table(members), at: places[path]?.value ?? places[path]?.key)
    }

    private static func value(
        of node: any TOMLValueConvertible, path: String, places: [String: TOMLKeyScanner.Place]
    ) -> ConfigurationValue {
        if let table = node.table { return Self.value(of: table, path: path, places: places) }
        let position = places[path]?.value ?? places[path]?.key
        if let array = node.array {
            let values = (0..<array.count).map { index in
                Self.value(of: array[index], path: path + TOMLKeyScanner.separator + "\(index)", places: places)
            }
            return ConfigurationValue(.array(values), at: position)
        }
        if let text = node.string { return ConfigurationValue(.string(text), at: position) }
        if let flag = node.bool { return ConfigurationValue(.bool(flag), at: position) }
        if let number = node.int { return ConfigurationValue(.number("\(number)"), at: position) }
        if let number = node.double {
            // JSON has no infinity and no NaN; JSON.stringify writes null for both.
            guard number.isFinite else { return ConfigurationValue(.null, at: position) }
            let whole = number == number.rounded() && abs(number) < 9e15
            return ConfigurationValue(.number(whole ? "\(Int(number))" : "\(number)"), at: position)
        }
        let date = node.date?.debugDescription ?? node.time?.debugDescription ?? node.dateTime?.debugDescription
        return ConfigurationValue(.date(date ?? ""), at: position)
    }
}
