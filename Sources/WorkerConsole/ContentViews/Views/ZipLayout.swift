import TerminalCanvas
import Widgets
import WorkerDomain

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
            entry.isFolder
            ? ["", "", ""] : [Format.bytes(Int64(entry.size)), Format.bytes(Int64(entry.packed)), ratio]
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
