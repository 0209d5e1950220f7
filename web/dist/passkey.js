var o=e=>document.querySelector(`[data-passkey="${e}"]`),s=class extends Error{code;constructor(n){super(n.detail),this.code=n.code}};function l(e){let n=atob(e.
replaceAll("-","+").replaceAll("_","/"));return Uint8Array.from(n,t=>t.charCodeAt(0))}function a(e){if(!e)return;let n=Array.from(new Uint8Array(e),t=>String.fromCharCode(
t)).join("");return btoa(n).replaceAll("+","-").replaceAll("/","_").replaceAll("=","")}async function d(e,n){let t=await fetch(`/-/passkey/${e}`,{method:"POST",
headers:{Accept:"application/json","Content-Type":"application/json"},body:JSON.stringify(n)}),i=await t.json();if(!t.ok)throw new s(i);return i}var f=e=>(e??[]).
map(n=>({id:l(n.id),type:n.type,transports:n.transports??[]}));function m(e){let{challenge:n,allowCredentials:t}=e.publicKey;return{publicKey:{...e.publicKey,challenge:l(
n),allowCredentials:f(t)}}}function w(e){let{challenge:n,user:t,excludeCredentials:i}=e.publicKey,r=t;return{publicKey:{...e.publicKey,challenge:l(n),user:{...r,
id:l(r.id)},excludeCredentials:f(i)}}}function p(e){let n=e.response;return{id:e.id,rawId:a(e.rawId),type:e.type,authenticatorAttachment:e.authenticatorAttachment??
void 0,clientExtensionResults:{},response:{clientDataJSON:a(n.clientDataJSON),attestationObject:a(n.attestationObject),transports:n.getTransports?.(),authenticatorData:a(
n.authenticatorData),signature:a(n.signature),userHandle:a(n.userHandle)}}}function b(e,n){return(e.closest("form")??document.querySelector('form[action="/-/reg\
ister"]'))?.querySelector(`input[name="${n}"]`)?.value??""}async function h(e){let n=await d("sign-in",{}),t=await navigator.credentials.get(m(n));try{return(await d(
"sign-in/finish",{credential:p(t),next:e.dataset.next})).next}catch(i){throw i instanceof s&&i.code==="not_found"&&await y(n.publicKey.rpId,t.id),i}}async function A(e){
let[n,t,i]=["username","invite","current"].map(c=>b(e,c)),r=await d("add",{username:n,invite:t,current:i}),u=await navigator.credentials.create(w(r));try{return(await d(
"add/finish",{credential:p(u),next:e.dataset.next})).next}catch(c){let{id:g}=r.publicKey.rp;throw c instanceof s&&await y(g,u.id),c}}async function y(e,n){await PublicKeyCredential.
signalUnknownCredential?.({rpId:e,credentialId:n}).catch(()=>{})}function C(e){if(e instanceof s)return e.message;let n=e instanceof DOMException?e.name:"";return n===
"NotAllowedError"||n==="AbortError"?"":n==="InvalidStateError"?"This device has a passkey for you already.":n==="SecurityError"?"Passkeys need this server to be\
 visited by its name.":"That did not work. Please try again."}function k(e,n){e.hidden=!1,e.addEventListener("click",async()=>{let t=o("trouble");t&&(t.hidden=!0),
e.disabled=!0;try{location.assign(await n(e))}catch(i){e.disabled=!1;let r=C(i);if(!t||!r)return;t.textContent=r,t.hidden=!1}})}if(window.isSecureContext&&"Publ\
icKeyCredential"in window){for(let[n,t]of[["sign-in",h],["add",A]]){let i=o(n);i instanceof HTMLButtonElement&&k(i,t)}let e=o("form");e&&(e.hidden=!1),e?.addEventListener(
"submit",n=>{n.preventDefault(),o("add")?.click()}),o("absent")?.remove()}
