/**
 * Chat templates as Jinja runs them: an interpreter of the template language of jinja2 3.1.6, set up
 * as transformers sets it up for chat templates.
 *
 * <p>Start at {@link io.warmpath.tokenizers.jinja.JinjaTemplate}. A template is untrusted: what one
 * rendering may use is bounded by {@link io.warmpath.tokenizers.jinja.RenderLimits}. The words here are
 * Python's: a <i>list</i> is a {@code List}, a <i>dict</i> a {@code Map}, {@code None} is {@code
 * None.NONE} inside and null outside.
 *
 * <p>In here: {@code Lexer}, {@code Parser} and {@code Syntax} read a template; {@code Scope} finds out
 * where its names live; {@code Compiler} makes {@code Statement}s and {@code Expression}s of it, which
 * run on a {@code Run}. A compiled template is for any number of threads, a {@code Run} for one.
 */
@NullMarked
package io.warmpath.tokenizers.jinja;

import org.jspecify.annotations.NullMarked;
