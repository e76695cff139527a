package import TerminalCanvas
package import Widgets

/// One line of a view: what it shows, and what the cursor on it means.
package struct ContentLine: Sendable, Equatable {
    /// What can be folded away from this line on.
    package struct Fold: Sendable, Equatable {
        /// Names it for ``ContentDocument/toggling(fold:)``.
        package var id: Int
        package var isFolded: Bool
    }

    package var runs: [TextRun]
    /// The byte of the content that the line begins with, behind codings and the decoding of text.
    package var offset: Int
    /// Where the cursor is in what the content says: `items[3].key`, `row 12`, `part 2`; `nil` where nothing is to say.
    package var path: String?
    package var fold: Fold?
    /// What can be opened by itself: a part, a file of an archive.
    package var item: ContentItem?
    /// The row of a picture that the text stands for, where the terminal shows none.
    package var picture: PictureRows?

    package init(
        _ runs: [TextRun], offset: Int = 0, path: String? = nil, fold: Fold? = nil, item: ContentItem? = nil,
        picture: PictureRows? = nil
    ) {
        self.runs = runs
        self.offset = offset
        self.path = path
        self.fold = fold
        self.item = item
        self.picture = picture
    }

    /// The text without roles.
    package var text: String { self.runs.map(\.text).joined() }

    package static func == (left: ContentLine, right: ContentLine) -> Bool {
        left.runs == right.runs && left.offset == right.offset && left.path == right.path && left.fold == right.fold
            && left.item?.name == right.item?.name && left.picture == right.picture
    }
}
