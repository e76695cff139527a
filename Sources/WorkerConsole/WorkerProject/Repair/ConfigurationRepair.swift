/// Changes a wrangler file and leaves everything else in it as it is.
enum ConfigurationRepair {
    /// Adds a compatibility flag, where the environment has its flags.
    /// - Parameters:
    ///   - flag: Among them from now on.
    ///   - wrangler: The file as it was read.
    ///   - bytes: The file.
    /// - Returns: The file with the flag; `nil` when that cannot be done without changing anything else.
    static func adding(flag: String, to wrangler: WranglerConfiguration, bytes: [UInt8]) -> [UInt8]? {
        guard !wrangler.compatibilityFlags.contains(flag), let format = wrangler.format, let path = wrangler.path else {
            return nil
        }
        let changed: [UInt8]?
        if let position = wrangler.position(of: "compatibility_flags") {
            changed = self.inserting(flag, at: position, bytes)
        } else {
            changed = format == .toml ? self.addingLine(flag, to: wrangler, bytes) : self.addingMember(flag, bytes)
        }
        guard let changed, let before = try? self.tree(bytes, format), let after = try? self.tree(changed, format)
        else {
            return nil
        }
        // Nothing but the flags may differ.
        let resolver = WranglerResolver(path: path, format: format, environment: wrangler.environment)
        let (old, new) = (resolver.resolve(before).0, resolver.resolve(after).0)
        guard new.compatibilityFlags.count == old.compatibilityFlags.count + 1, new.compatibilityFlags.contains(flag),
            self.others(old) == self.others(new)
        else { return nil }
        return changed
    }

    private static func others(_ wrangler: WranglerConfiguration) -> String {
        let members = (wrangler.values.members ?? []).filter { $0.key != "compatibility_flags" }
        return ConfigurationValue(.table(members)).json()
    }

    private static func tree(
        _ bytes: [UInt8], _ format: WranglerConfiguration.Format
    ) throws(ConfigurationSyntaxError) -> ConfigurationValue {
        format == .toml ? try TOMLReader.parse(bytes) : try JSONCParser.parse(bytes)
    }

    /// Puts the flag behind the bracket that opens the list.
    private static func inserting(_ flag: String, at position: SourcePosition, _ bytes: [UInt8]) -> [UInt8]? {
        let start = self.start(ofLine: position.line, bytes)
        var offset = start
        var column = 1
        while offset < bytes.count, column < position.column {
            offset += 1
            if offset < bytes.count, bytes[offset] & 0xC0 != 0x80 { column += 1 }
        }
        guard let open = bytes[min(offset, bytes.count)...].firstIndex(of: UInt8(ascii: "[")) else { return nil }
        let next = bytes[(open + 1)...].first { ![32, 9, 10, 13].contains($0) }
        let quote: String =
            bytes[(open + 1)...].prefix(while: { $0 != UInt8(ascii: "]") }).contains(UInt8(ascii: "'")) ? "'" : "\""
        let text = "\(quote)\(flag)\(quote)" + (next == UInt8(ascii: "]") ? "" : ", ")
        return bytes[...open] + Array(text.utf8) + bytes[(open + 1)...]
    }

    /// A line below `compatibility_date`, `main` or `name`.
    private static func addingLine(_ flag: String, to wrangler: WranglerConfiguration, _ bytes: [UInt8]) -> [UInt8]? {
        let line = "compatibility_flags = [\"\(flag)\"]"
        for key in ["compatibility_date", "main", "name"] {
            guard let position = wrangler.position(of: key) else { continue }
            let start = self.start(ofLine: position.line, bytes)
            let text = bytes[start...].prefix { $0 != 10 }
            guard text.starts(with: Array(key.utf8)) else { continue }
            let isEnded = start + text.count < bytes.count
            let end = start + text.count + (isEnded ? 1 : 0)
            let newline: [UInt8] = bytes.contains(13) ? [13, 10] : [10]
            let inserted: [UInt8] = (isEnded ? [] : newline) + Array(line.utf8) + newline
            return Array(bytes[..<end]) + inserted + Array(bytes[end...])
        }
        return nil
    }

    /// A member behind the brace that opens the object.
    private static func addingMember(_ flag: String, _ bytes: [UInt8]) -> [UInt8]? {
        // Behind comments, in which braces say nothing.
        var offset = 0
        while offset < bytes.count {
            if bytes[offset...].starts(with: Array("//".utf8)) {
                while offset < bytes.count, bytes[offset] != 10 { offset += 1 }
            } else if bytes[offset...].starts(with: Array("/*".utf8)) {
                while offset < bytes.count, !bytes[offset...].starts(with: Array("*/".utf8)) { offset += 1 }
                offset += 2
            } else if bytes[offset] == UInt8(ascii: "{") {
                break
            } else {
                offset += 1
            }
        }
        guard offset < bytes.count else { return nil }
        let rest = bytes[(offset + 1)...]
        let blanks = rest.prefix { [32, 9, 10, 13].contains($0) }
        let isEmpty = rest.dropFirst(blanks.count).first == UInt8(ascii: "}")
        let member = "\"compatibility_flags\": [\"\(flag)\"]" + (isEmpty ? "" : ",")
        return Array(bytes[...offset]) + Array(blanks) + Array(member.utf8) + Array(rest)
    }

    private static func start(ofLine line: Int, _ bytes: [UInt8]) -> Int {
        var start = 0
        for _ in 1..<max(1, line) {
            guard let end = bytes[start...].firstIndex(of: 10) else { return bytes.count }
            start = end + 1
        }
        return start
    }
}
