import TerminalCanvas
import WorkerDomain

/// How values of a database are written.
enum DatabaseText {
    /// Scalars of a text that a grid looks at.
    static let maximumScalars = 200

    /// A value in one short line; texts are cut, blobs are named by their size.
    static func short(_ value: SQLValue) -> String {
        switch value {
        case .null: return "NULL"
        case .integer(let number): return String(number)
        case .real(let number): return number.description
        case .text(let text):
            return text.isEmpty
                ? "''" : String(String.UnicodeScalarView(text.unicodeScalars.prefix(Self.maximumScalars)))
        case .blob(let bytes): return bytes.isEmpty ? "x''" : "<BLOB \(bytes.count) B>"
        }
    }

    /// The storage class, as SQLite names it.
    static func storageClass(of value: SQLValue) -> String {
        switch value {
        case .null: "NULL"
        case .integer: "INTEGER"
        case .real: "REAL"
        case .text: "TEXT"
        case .blob: "BLOB"
        }
    }

    static func role(of value: SQLValue) -> Role {
        switch value {
        case .null, .text(""), .blob([]): .dim
        case .integer, .real: .number
        case .text: .plain
        case .blob: .name
        }
    }

    /// The columns that a text takes on the screen, up to a little over what a grid shows.
    static func width(of text: String) -> Int {
        let start = String(String.UnicodeScalarView(text.unicodeScalars.prefix(Self.maximumScalars)))
        return Sanitizer.clusters(of: start).reduce(0) { $0 + $1.columns }
    }

    /// A value as it goes to the clipboard: in full, blobs in hexadecimal, NULL as nothing.
    static func copyable(_ value: SQLValue) -> String {
        switch value {
        case .null: return ""
        case .integer, .real: return self.short(value)
        case .text(let text): return text
        case .blob(let bytes):
            let digits = Array("0123456789abcdef".utf8)
            return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
        }
    }

    /// A name as SQL quotes it.
    static func quoted(name: String) -> String { name.quoted("\"") }
}
