/// What the text between the quotes of a literal stands for, and what is wrong with it (language reference, section 2.4.1).
enum PythonStringValue {
    /// The value; `nil` when it has an escape that is not followed here, or is longer than 4,096 bytes.
    static func value(of body: ArraySlice<UInt8>, prefix: PythonStringPrefix) -> String? {
        guard body.count <= 4096 else { return nil }
        guard !prefix.contains(.raw), body.contains(UInt8(ascii: "\\")) else {
            return String(decoding: body, as: UTF8.self)
        }
        let plain: [UInt8: UInt8] = [
            UInt8(ascii: "n"): 10, UInt8(ascii: "t"): 9, UInt8(ascii: "r"): 13, UInt8(ascii: "\\"): UInt8(ascii: "\\"),
            UInt8(ascii: "'"): UInt8(ascii: "'"), UInt8(ascii: "\""): UInt8(ascii: "\""),
        ]
        var out: [UInt8] = []
        var iterator = body.makeIterator()
        while let byte = iterator.next() {
            guard byte == UInt8(ascii: "\\") else {
                out.append(byte)
                continue
            }
            guard let next = iterator.next() else { return nil }
            if next == 10 { continue }
            guard let replacement = plain[next] else { return nil }
            out.append(replacement)
        }
        return String(decoding: out, as: UTF8.self)
    }

    /// Why the interpreter refuses what stands between the quotes; `nil` when it takes it.
    ///
    /// Names of `\\N{…}` are added to `names`: whether each is one, ``CharacterNames`` knows.
    static func problem(
        in body: ArraySlice<UInt8>, prefix: PythonStringPrefix, names: inout [String]
    ) -> String? {
        let isBytes = prefix.contains(.bytes)
        if isBytes, body.contains(where: { $0 >= 0x80 }) { return "bytes can only contain ASCII literal characters" }
        guard !prefix.contains(.raw) else { return nil }
        var index = body.startIndex
        while let slash = body[index...].firstIndex(of: UInt8(ascii: "\\")) {
            guard slash + 1 < body.endIndex else { return nil }
            let letter = body[slash + 1]
            index = slash + 2
            switch letter {
            case UInt8(ascii: "x"):
                guard Self.hexadecimal(body[index...], 2) != nil else {
                    return Self.truncated(isBytes ? "\\x" : "\\xXX", isBytes: isBytes)
                }
            case UInt8(ascii: "u") where !isBytes:
                guard Self.hexadecimal(body[index...], 4) != nil else { return Self.truncated("\\uXXXX") }
            case UInt8(ascii: "U") where !isBytes:
                guard let value = Self.hexadecimal(body[index...], 8) else { return Self.truncated("\\UXXXXXXXX") }
                guard value <= 0x10FFFF else {
                    return "(unicode error) a \\U escape above 10FFFF is no character"
                }
            case UInt8(ascii: "N") where !isBytes:
                guard index < body.endIndex, body[index] == UInt8(ascii: "{"),
                    let end = body[index...].firstIndex(of: UInt8(ascii: "}")), end > index + 1
                else {
                    return "(unicode error) malformed \\N character escape"
                }
                if names.count < 4_096 { names.append(String(decoding: body[(index + 1)..<end], as: UTF8.self)) }
                index = end + 1
            default: break
            }
        }
        return nil
    }

    private static func truncated(_ form: String, isBytes: Bool = false) -> String {
        isBytes ? "(value error) invalid \\x escape" : "(unicode error) truncated \(form) escape"
    }

    private static func hexadecimal(_ bytes: ArraySlice<UInt8>, _ count: Int) -> UInt32? {
        guard bytes.count >= count else { return nil }
        var value: UInt32 = 0
        for byte in bytes.prefix(count) {
            guard let digit = Character(UnicodeScalar(byte)).hexDigitValue, byte < 0x80 else { return nil }
            value = value << 4 | UInt32(digit)
        }
        return value
    }
}

/// Names of characters, as `\N{…}` takes them.
enum CharacterNames {
    /// The first of the names that no character was found to have, though an alias of that name may exist.
    static func unknown(among names: [String]) -> String? {
        var wanted = Set(names.map { $0.uppercased() })
        for range in [0x20...0x33FF, 0xA000...0xABFF, 0xF900...0xFFFF, 0x1_0000...0x1_6FFF, 0x1_B000...0x1_FBFF]
            as [ClosedRange<UInt32>]
        {
            for value in range {
                guard !wanted.isEmpty else { return nil }
                guard let scalar = Unicode.Scalar(value), let name = scalar.properties.name else { continue }
                wanted.remove(name)
            }
        }
        return names.first { wanted.contains($0.uppercased()) }
    }
}
