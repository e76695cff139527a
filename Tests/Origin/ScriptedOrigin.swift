/// A real origin on loopback that does what a script says.
package enum ScriptedOrigin {}
