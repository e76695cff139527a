/// What a cell means; the theme decides how it looks.
package enum Role: UInt8, Sendable, Equatable, CaseIterable {
    case plain, dim, strong
    /// The identity line.
    case header
    /// REMOTE in the identity line.
    case danger
    case tab, tabSelected
    case border, title
    /// The row or field that has the focus.
    case selected
    /// A column's heading.
    case heading
    /// A key in the last line.
    case key
    /// green, cyan, yellow, red, blue: 2xx, 3xx, 4xx, 5xx, in flight.
    case ok, redirect, warning, failure, active
    /// A search match.
    case match
    /// A string, number, name in a preview.
    case literal, number, name
}
