@testable import WorkerProject

/// `.dev.vars` and `.env`: every name once, and values that are bounded.
enum VariablesFuzz {
    /// The first byte says what the process has.
    static func violation(_ input: [UInt8]) -> String? {
        let text = String(decoding: input.dropFirst(), as: UTF8.self)
        let values = EnvironmentFile.parse(text)
        if Set(values.map(\.name)).count != values.count { return "a name stands twice" }
        guard values.allSatisfy({ !$0.name.isEmpty && $0.name.utf8.allSatisfy(Self.isName) }) else {
            return "a name that is none"
        }
        guard values.reduce(0, { $0 + $1.name.utf8.count + $1.value.utf8.count }) <= text.utf8.count else {
            return "there is more text than the file has"
        }
        let process = input.first.map { $0 & 1 == 1 ? ["A": "$B", "B": "\(text.prefix(8))", "C": ""] : [:] } ?? [:]
        var expansion = EnvironmentExpansion(process: process)
        let expanded = expansion.expand(values)
        if expanded.map(\.name) != values.map(\.name) { return "the names are others" }
        let bytes = expanded.reduce(0) { $0 + $1.value.utf8.count }
        return bytes <= 4 * EnvironmentExpansion.workLimit ? nil : "the values have grown to \(bytes) bytes"
    }

    private static func isName(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F: true
        default: false
        }
    }
}
