package import Phrases
import TerminalCanvas
import TextSafety
import Widgets

/// What an archive holds: zip with all that is built on it, and tar.
package struct ArchiveView: ContentView {
    package let id = "archive"
    package let name = ContentPhrases.archiveView

    package init() {}

    package func fit(_ sample: ContentSample) -> ContentFit {
        if Self.isZip(sample.bytes) || TarHeader.isTar(sample.bytes) { return .certain }
        return .no
    }

    static func isZip(_ bytes: [UInt8]) -> Bool {
        bytes.starts(with: [0x50, 0x4B, 0x03, 0x04]) || bytes.starts(with: [0x50, 0x4B, 0x05, 0x06])
    }

    package func open(_ input: ContentInput) async throws(ContentError) -> ContentDocument {
        let options = input.options
        guard Self.isZip(input.sample.bytes) else {
            return input.document(self, input.bytes, TarLayout(options, base: input.bytes))
        }
        if let size = try await input.bytes.measuredSize(limit: options.decodedLimit),
            let directory = try await ZipDirectory.find(in: input.bytes, size: size)
        {
            let slice = SliceSource(input.bytes, directory.range)
            return input.document(self, slice, ZipLayout(directory, options, archive: input.bytes))
        }
        return input.document(self, input.bytes, ZipLocalLayout(options))
    }
}

/// A file of an archive in one line.
struct ArchiveEntryLine {
    let options: ContentOptions

    func heading(_ sizes: [Phrase]) -> ContentLine {
        let language = self.options.language
        let text = sizes.map { Pad.left($0(language), 10) }.joined() + "  " + ContentPhrases.fileName(language)
        return ContentLine([TextRun(text, .heading)])
    }

    func line(
        _ columns: [String], name: [UInt8], notes: [String] = [], offset: Int, item: ContentItem? = nil
    ) -> ContentLine {
        let shown = self.name(name)
        var notes = notes
        if Self.leavesFolder(name) { notes.append(ContentPhrases.leavesFolder(self.options.language)) }
        var runs = [
            TextRun(columns.map { Pad.left($0, 10) }.joined() + "  ", .number),
            TextRun(shown, name.last == UInt8(ascii: "/") ? .name : .plain),
        ]
        if !notes.isEmpty { runs.append(TextRun("  ▲ " + notes.joined(separator: " · "), .warning)) }
        return ContentLine(runs, offset: offset, path: shown, item: item)
    }

    /// A name as it may be shown: one line, decoded, without secrets.
    func name(_ bytes: [UInt8]) -> String {
        let text = TextEncoding.decoded(Array(bytes.prefix(2_048)))
        return ControlCharacters.areIn(text)
            ? self.options.redaction.target(String(ControlCharacters.json(text).dropFirst().dropLast()))
            : self.options.redaction.target(text)
    }

    /// True for a name that a careless program would unpack outside of the folder.
    static func leavesFolder(_ name: [UInt8]) -> Bool {
        let parts = name.split(omittingEmptySubsequences: false) { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "\\") }
        let isDrive = name.count > 1 && name[0].isLetter && name[1] == UInt8(ascii: ":")
        return parts.first?.isEmpty == true && !name.isEmpty || isDrive || parts.contains { $0.elementsEqual("..".utf8) }
    }
}

/// The entries of a central directory.
struct ZipLayout: StreamLayout {
    private let directory: ZipDirectory
    private let options: ContentOptions
    private let archive: any ByteSource
    private var hasHeading = false
    private(set) var isFinished = false

    init(_ directory: ZipDirectory, _ options: ContentOptions, archive: any ByteSource) {
        self.directory = directory
        self.options = options
        self.archive = archive
    }

    mutating func layOut(_ window: ContentWindow, into sink: inout LineSink) -> Int {
        let form = ArchiveEntryLine(options: self.options)
        if !self.hasHeading, !sink.isFull {
            sink.add(form.heading([ContentPhrases.size, ContentPhrases.packed, ContentPhrases.ratio]))
            self.hasHeading = true
        }
        var rest = window.bytes
        while !sink.isFull {
            guard let (entry, length) = ZipDirectory.entry(rest) else {
                if window.isLast, !rest.isEmpty, !sink.isFull {
                    sink.add(ContentLine([TextRun(ContentPhrases.badDirectory(self.options.language), .warning)]))
                    rest = rest.dropFirst(rest.count)
                } else if !window.isLast, rest.count >= 262_144 {
                    rest = rest.dropFirst(rest.count)
                }
                break
            }
            sink.add(self.line(entry, form))
            rest = rest.dropFirst(length)
        }
        if rest.isEmpty, window.isLast { self.isFinished = true }
        return window.bytes.count - rest.count
    }

    private func line(_ entry: ZipDirectory.Entry, _ form: ArchiveEntryLine) -> ContentLine {
        let language = self.options.language
        var notes: [String] = []
        if entry.isEncrypted { notes.append(ContentPhrases.encrypted(language)) }
        if entry.packed > 0, entry.size / entry.packed > 100 {
            notes.append(ContentPhrases.expands(language, Format.count(entry.size / entry.packed)))
        }
        let ratio = entry.size > 0 ? Format.percent(Double(entry.packed) / Double(entry.size)) : ""
        let columns =
            entry.isFolder ? ["", "", ""] : [Format.bytes(Int64(entry.size)), Format.bytes(Int64(entry.packed)), ratio]
        let source =
            entry.isFolder
            ? nil : self.directory.source(of: entry, in: self.archive, limit: self.options.decodedLimit)
        return form.line(
            columns, name: entry.name, notes: notes, offset: entry.localOffset + self.directory.shift,
            item: source.map { ContentItem($0, name: form.name(entry.name)) })
    }
}

/// The entries of an archive whose directory is missing, by the headers before them.
struct ZipLocalLayout: StreamLayout {
    private let options: ContentOptions
    private var hasHeading = false
    private var hasEnded = false
    private(set) var isFinished = false

    init(_ options: ContentOptions) { self.options = options }

    mutating func layOut(_ window: ContentWindow, into sink: inout LineSink) -> Int {
        let form = ArchiveEntryLine(options: self.options)
        if sink.isFull { return 0 }
        if !self.hasHeading {
            sink.add(ContentLine([TextRun(ContentPhrases.noDirectory(self.options.language), .warning)]))
            self.hasHeading = true
            return 0
        }
        let header = ByteReader(Array(window.bytes.prefix(30)))
        guard header.little(0, 4) == 0x0403_4B50, let flags = header.little(6, 2), let packed = header.little(18, 4),
            let size = header.little(22, 4), let name = header.little(26, 2), let extra = header.little(28, 2)
        else {
            if window.isLast || header.bytes.count == 30 { self.isFinished = true }
            return 0
        }
        if window.bytes.count < 30 + name, !window.isLast { return 0 }
        let nameBytes = Array(window.bytes.dropFirst(30).prefix(name))
        let isKnown = flags & 8 == 0
        sink.add(
            form.line(
                isKnown ? [Format.bytes(Int64(size)), Format.bytes(Int64(packed))] : [Format.unknown, Format.unknown],
                name: nameBytes, offset: window.offset))
        // Without sizes the next header cannot be found.
        if !isKnown { self.isFinished = true }
        return 30 + name + extra + packed
    }
}
