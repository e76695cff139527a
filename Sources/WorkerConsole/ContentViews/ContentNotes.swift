import TerminalCanvas
import Widgets
import WorkerDomain

/// What a view says of the content in words of its own.
enum ContentNotes {
    /// Why a content ends before its end.
    static func ending(_ ending: ContentEnding?, _ language: Language) -> [TextRun] {
        switch ending {
        case nil: []
        case .cut: [TextRun(ContentPhrases.cut(language), .dim)]
        case .limit(let bytes):
            [TextRun(ContentPhrases.limit(language, Format.binaryBytes(Int64(bytes))), .warning)]
        case .incomplete(let coding): [TextRun(ContentPhrases.incomplete(language, coding), .warning)]
        case .damaged(let coding): [TextRun(ContentPhrases.damaged(language, coding), .warning)]
        }
    }

    /// `name  value`, with values in a column of their own.
    static func facts(_ facts: [(Phrase, String)], _ language: Language) -> [ContentLine] {
        facts.map { phrase, value in ContentLine([TextRun(Pad.right(phrase(language), 18), .name), TextRun(value)]) }
    }
}
