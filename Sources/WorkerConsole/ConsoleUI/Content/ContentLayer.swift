import ContentViews

/// A content in a ``ContentPane``: the one that a screen gave it, or one that was opened from a line of another, a part or
/// a file of an archive.
struct ContentLayer: Sendable {
    let item: ContentItem
    /// What a line said of it; empty for the content itself.
    let name: String
    let options: ContentOptions
    var opened: OpenedContent?
    /// The id of the view.
    var view: String?
    var document: ContentDocument?
    /// The lines that are in memory, around the cursor.
    var page: ContentPage?
    /// The cursor, lines before the content counted.
    var line = 0
    /// Columns that are scrolled off to the left.
    var left = 0
    var columns: Int
    /// The view has been chosen by a person.
    var isChosen = false
}
