/// One key as the terminal sent it.
package enum KeyEvent: Sendable, Hashable {
    /// A printable scalar, space included.
    case character(Character)
    /// Control and a lower-case letter.
    case control(Character)
    case enter, escape, tab, backTab, backspace, delete, insert
    case up, down, left, right, home, end, pageUp, pageDown
    /// F1 to F12.
    case function(Int)
}
