/// What the grammar of one interpreter says of a source, as this program reads it.
package enum PythonGrammar {
    package enum Verdict: Sendable, Equatable {
        case takes
        case refuses(SourceError)
        /// Whether the interpreter takes it is not decided here; the error says why.
        case unsure(SourceError)
    }

    /// The minor versions that Cloudflare runs: Python 3.12, 3.13 and 3.14.
    package static let minors = [12, 13, 14]

    /// Reads a source as the interpreter does that has this minor version; with a memo, only if nobody has yet.
    package static func verdict(of bytes: [UInt8], minor: Int, memo: SourceMemo? = nil) -> Verdict {
        do throws(SourceError) {
            if let memo {
                _ = try memo.statements(of: bytes, minor: minor)
            } else {
                _ = try PythonParser.statements(of: try SourceText(decoding: bytes), minor: minor)
            }
            return .takes
        } catch {
            switch error.code {
            case .syntax, .binary: return .refuses(error)
            case .tooLarge, .encoding, .tooComplex: return .unsure(error)
            }
        }
    }
}
