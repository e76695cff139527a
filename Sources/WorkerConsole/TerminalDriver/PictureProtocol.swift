/// A way to send pictures to a terminal.
package enum PictureProtocol: Sendable {
    /// The graphics protocol of kitty, which others speak too (sw.kovidgoyal.net/kitty/graphics-protocol).
    case kitty
    /// Sixels of DEC's terminals (VT330/VT340 Programmer Reference Manual, chapter 14).
    case sixel
}
