import Dispatch
import Synchronization
import TerminalCanvas
import TextSafety
import Widgets
import WorkerDomain

@testable import ContentViews

/// The content views: whatever the bytes are and however they come, each view ends, its lines are the same, what is
/// asked for twice is the same, and nothing that steers a terminal reaches a cell.
enum ContentFuzz {
    private static let types = [
        nil, "application/json", "multipart/form-data; boundary=B", "application/x-www-form-urlencoded", "text/csv",
        "text/html", "application/octet-stream", "text/plain; charset=big5",
    ]
    private static let codings = [nil, "gzip", "deflate", "br", "zstd", "gzip, br"]
    private static let names = [nil, "a.docx", "a.md", "a.ndjson"]
    private static let limit = 400_000

    /// The first bytes say what is declared and how the content comes.
    static func violation(_ input: [UInt8]) -> String? {
        let flags = input.first ?? 0
        let bytes = Array(input.dropFirst(2))
        let second = input.dropFirst().first ?? 0
        let type = Self.types[Int(flags & 7)]
        let coding = Self.codings[Int(flags >> 3) % Self.codings.count]
        let name = Self.names[Int(second & 3)]
        let isCut = second & 4 != 0
        let redaction = second & 8 == 0 ? Redaction.standard : .off
        let piece = [1, 3, 16, 100_000][Int(second >> 4 & 3)]
        return Self.wait {
            let options = ContentOptions(
                redaction: redaction, language: .english, columns: 60, decodedLimit: Self.limit)
            let whole = ContentItem(
                FuzzSource(bytes: bytes, piece: 1_000_000, knowsSize: piece != 3, ending: isCut ? .cut : nil),
                mediaType: type, coding: coding,
                name: name)
            let pieces = ContentItem(
                FuzzSource(bytes: bytes, piece: piece, knowsSize: piece != 3, ending: isCut ? .cut : nil),
                mediaType: type, coding: coding,
                name: name)
            do throws(ContentError) {
                return try await Self.violation(whole, pieces, options)
            } catch {
                return "\(error)"
            }
        }
    }

    private static func violation(
        _ whole: ContentItem, _ pieces: ContentItem, _ options: ContentOptions
    ) async throws(ContentError) -> String? {
        let opened = try await ContentViews.open(whole, options)
        let other = try await ContentViews.open(pieces, options)
        // How much of a damaged stream is decoded depends on how it comes.
        let isDamaged = [opened, other].contains { $0.ending != nil && $0.ending != .cut } || !opened.refused.isEmpty
        if isDamaged {
            for view in opened.views { _ = try await opened.document(view).lines(from: 0, count: 2_000) }
            return nil
        }
        guard opened.views.map(\.id) == other.views.map(\.id) else {
            return "\(opened.views.map(\.id)) are \(other.views.map(\.id)) in pieces"
        }
        guard opened.views.last?.id == "hex" else { return "hex is not the last view" }
        for view in opened.views {
            let document = try await opened.document(view)
            let lines = try await document.lines(from: 0, count: 2_000).lines
            let inPieces = try await other.document(view).lines(from: 0, count: 2_000).lines
            if let text = Self.difference(lines, inPieces) { return "\(view.id) in pieces: \(text)" }
            let again = try await document.lines(from: lines.count / 2, count: 20).lines
            if let text = Self.difference(Array(lines.dropFirst(lines.count / 2).prefix(20)), again) {
                return "\(view.id) by a page: \(text)"
            }
            for line in lines {
                if let text = Self.violation(of: line) { return "\(view.id): \(text)" }
            }
            if let fold = lines.first(where: { $0.fold != nil })?.fold {
                let there = document.toggling(fold: fold.id)
                _ = try await there.lines(from: 0, count: 500)
                let back = try await there.toggling(fold: fold.id).lines(from: 0, count: 2_000).lines
                if back != lines { return "\(view.id): unfolding does not undo folding" }
            }
            // What can be opened by itself, one step deep.
            for item in lines.compactMap(\.item).prefix(4) {
                let inner = try await ContentViews.open(item, options)
                for view in inner.views { _ = try await inner.document(view).lines(from: 0, count: 100) }
            }
        }
        return nil
    }

    private static func difference(_ lines: [ContentLine], _ others: [ContentLine]) -> String? {
        if let pair = zip(lines, others).first(where: { $0 != $1 }) {
            return "\(pair.0.text) \(pair.0.offset) is \(pair.1.text) \(pair.1.offset)"
        }
        return lines.count == others.count ? nil : "\(lines.count) lines are \(others.count)"
    }

    private static func violation(of line: ContentLine) -> String? {
        var canvas = Canvas(columns: 100, rows: 1)
        canvas.write(line.runs, row: 0, column: 0)
        canvas.write(line.path ?? "", row: 0, column: 0)
        for cell in canvas.cells {
            for scalar in cell.text.unicodeScalars where scalar != "\u{200D}" && Self.isForbidden(scalar) {
                return "U+\(String(scalar.value, radix: 16)) is drawn"
            }
        }
        return nil
    }

    static func isForbidden(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0..<0x20, 0x7F...0x9F, 0xAD, 0x61C, 0x200B...0x200F, 0x2028...0x202E, 0x2060...0x206F, 0xFEFF: true
        default: false
        }
    }

    /// Runs what waits for nothing outside, from a thread that may wait.
    static func wait(_ body: @escaping @Sendable () async -> String?) -> String? {
        let answer = FuzzAnswer()
        Task.detached { answer.put(await body()) }
        return answer.take()
    }
}

/// Bytes that come in pieces.
private struct FuzzSource: ByteSource {
    let bytes: [UInt8]
    let piece: Int
    let knowsSize: Bool
    let ending: ContentEnding?

    var size: Int? { self.knowsSize ? self.bytes.count : nil }

    func read(at offset: Int, count: Int) async throws(ContentError) -> [UInt8] {
        guard offset >= 0, offset < self.bytes.count, count > 0 else { return [] }
        return Array(self.bytes[offset..<(offset + min(count, self.piece, self.bytes.count - offset))])
    }
}

/// What a task says to the thread that waits for it.
private final class FuzzAnswer: Sendable {
    private let text = Mutex<String?>(nil)
    private let ready = DispatchSemaphore(value: 0)

    func put(_ text: String?) {
        self.text.withLock { $0 = text }
        self.ready.signal()
    }

    func take() -> String? {
        self.ready.wait()
        return self.text.withLock { $0 }
    }
}
